import assert from "node:assert/strict";
import { BehaviorRecords } from "../../../lib/env/unity/behavior_records.ts";
import {
  readObservationSpecs,
} from "../../../lib/env/unity/messages/agent_info_reader.ts";
import {
  Reader,
  readFields,
} from "../../../lib/env/unity/messages/message_reader.ts";
import {
  readPlayerMessage,
} from "../../../lib/env/unity/messages/player_message.ts";
import {
  readTrainerMessage,
} from "../../../lib/env/unity/messages/trainer_message.ts";
import { splitMessages } from "../../../lib/env/unity/side_channels/framing.ts";
import { readStatistic } from "../../../lib/env/unity/side_channels/statistics.ts";
import { readCaptures } from "./captures.ts";

/** The notes' lists are Python's: ('3DBall?team=0', 2, []). */
const brainPattern = /\('([^']+)', (\d+), \[([\d, ]*)\]\)/g;
const infosPattern = /([^ ;=]+\?team=\d): (\d+) infos, (\d+) done, (\d+) max/g;

const requests = readCaptures("req");
const replies = readCaptures("resp");

Deno.test({
  name: "all recorded requests decode to what the notes say",
  ignore: requests.length === 0,
  fn: checkRequests,
});

Deno.test({
  name: "all recorded replies decode to what the notes say",
  ignore: replies.length === 0,
  fn: checkReplies,
});

function checkRequests() {
  const records = new Map<string, BehaviorRecords>();
  let run = "";
  for (const { file, bytes, notes } of requests) {
    if (!file.startsWith(run) || run === "") records.clear();
    run = file.slice(0, 4);
    const reader = Reader.create(bytes);
    const message = readPlayerMessage(reader);
    assert.equal(message.status, Number(/status=(\d+)/.exec(notes)?.[1]));
    const versions = /comm=(\S+) pkg=(\S+)/.exec(notes);
    assert.deepEqual(
      message.versions,
      versions && { communication: versions[1], package: versions[2] },
      file,
    );
    const brains = [...notes.matchAll(brainPattern)].map((match) => ({
      name: match[1],
      actionSpec: {
        continuousSize: Number(match[2]),
        discreteBranches: match[3] ? match[3].split(", ").map(Number) : [],
      },
    }));
    assert.deepEqual(message.behaviors, brains, file);

    // The order of the lists is free, and another one in the notes.
    const infos = new Map(
      [...notes.matchAll(infosPattern)]
        .map((match) => [match[1], match.slice(2).map(Number)]),
    );
    assert.deepEqual(
      message.agentInfos.map((part) => part.behavior).sort(),
      [...infos.keys()].sort(),
      file,
    );
    for (const part of message.agentInfos) {
      const brain = brains.find(({ name }) => name === part.behavior);
      if (brain) {
        const observationSpecs = readObservationSpecs(reader, part);
        const spec = { observationSpecs, actionSpec: brain.actionSpec };
        records.set(brain.name, new BehaviorRecords(brain.name, spec));
      }
      const columns = records.get(part.behavior);
      assert.ok(columns, `${file}: ${part.behavior} has no specs`);
      columns.read(reader, part);
      const [total, done, interrupted] = infos.get(part.behavior) ?? [];
      const { decision, terminal } = columns;
      assert.equal(decision.count, total - done, file);
      assert.equal(terminal.count, done, file);
      const marks = terminal.interrupted.subarray(0, done);
      assert.equal(marks.filter((mark) => mark).length, interrupted, file);
    }
    const sideBytes = Number(/side_channel (\d+) B/.exec(notes)?.[1] ?? 0);
    assert.equal(message.sideChannel.length, sideBytes, file);
    splitMessages(message.sideChannel)
      .forEach(({ payload }) => readStatistic(payload));
  }
}

function checkReplies() {
  for (const { file, bytes, notes } of replies) {
    const reader = Reader.create(bytes);
    const message = readTrainerMessage(reader);
    assert.equal(message.status, Number(/status=(\d+)/.exec(notes)?.[1]));
    const version = /init_in comm=(\S+)/.exec(notes)?.[1];
    assert.equal(message.greeting?.communicationVersion, version, file);
    assert.equal(message.hasInput, notes.includes("rl_input"), file);
    const command = Number(/command=(\d)/.exec(notes)?.[1] ?? 0);
    assert.equal(message.command, command, file);
    const counts = new Map(
      [...notes.matchAll(/'([^']+)': (\d+)/g)]
        .map((match) => [match[1], Number(match[2])]),
    );
    assert.deepEqual(
      message.agentActions.map((part) => part.behavior).sort(),
      [...counts.keys()].sort(),
      file,
    );
    for (const part of message.agentActions) {
      let agents = 0;
      reader.pos = part.start;
      readFields(reader, part.end, () => {
        agents++;
        return false;
      });
      assert.equal(agents, counts.get(part.behavior), file);
    }
    const sideBytes = Number(/side=(\d+)B/.exec(notes)?.[1] ?? 0);
    assert.equal(message.sideChannel.length, sideBytes, file);
  }
}
