import assert from "node:assert/strict";
import { BehaviorIntake } from "../../../lib/env/unity/behavior_intake.ts";
import type { BehaviorRecords } from "../../../lib/env/unity/behavior_records.ts";
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
import { captureRuns, readCaptures } from "./captures.ts";

/** The notes' lists are Python's: ('3DBall?team=0', 2, []). */
const brainPattern = /\('([^']+)', (\d+), \[([\d, ]*)\]\)/g;
const infosPattern = /([^ ;=]+\?team=\d): (\d+) infos, (\d+) done, (\d+) max/g;

const requests = readCaptures("req");
const replies = readCaptures("resp");
const ignore = requests.length === 0;

Deno.test({
  name: "all recorded requests decode to what the notes say",
  ignore,
  fn: checkRequests,
});

Deno.test({
  name: "all recorded replies decode to what the notes say",
  ignore,
  fn: checkReplies,
});

Deno.test({
  name: "recorded cameras show what the agents' vectors say",
  ignore,
  fn: checkPictures,
});

function checkRequests() {
  for (const run of captureRuns) {
    const intake = new BehaviorIntake({ packageVersion: "2.0.0" });
    for (const { file, bytes, notes } of readCaptures("req", [run])) {
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
      intake.receive(message, reader);
      for (const [name, [total, done, interrupted]] of infos) {
        const { decision, terminal } = intake.find(name);
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
    intake.close();
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

/**
 * The game is a board of 8 by 8 squares of 4 by 4 pixels: a blue one at the
 * agent's place, which its vector tells in eighths, rows from the bottom; a
 * green or red one to go to or to keep away from, as the goal signal says. One
 * behavior sends the picture as PNG files, the other as plain numbers.
 */
function checkPictures() {
  let pictures = 0;
  let noted = 0;
  for (const run of ["v_game", "v_game230"]) {
    const intake = new BehaviorIntake({ packageVersion: "2.0.0-exp.1" });
    for (const { bytes, notes } of readCaptures("req", [run])) {
      const reader = Reader.create(bytes);
      intake.receive(readPlayerMessage(reader), reader);
      for (const records of intake.all) pictures += checkBoards(records);
      for (const [, , infos] of notes.matchAll(infosPattern)) {
        noted += Number(infos);
      }
    }
    intake.close();
  }
  assert.equal(pictures, noted);
}

function checkBoards({ spec, decision, terminal }: BehaviorRecords): number {
  assert.deepEqual(
    spec.observationSpecs.map((each) => [each.name, each.observationType]),
    [["goal", "goal"], ["pixels", "default"], [
      "VectorSensor_size2",
      "default",
    ]],
  );
  const camera = spec.observationSpecs[1];
  assert.deepEqual(camera.shape, [3, 32, 32]);
  assert.deepEqual(camera.dimensionProperties, [1, 2, 2]);
  for (const { count, observations } of [decision, terminal]) {
    const [goals, pixels, places] = observations;
    for (let row = 0; row < count; row++) {
      const picture = pixels.slice(row * 3 * 1024, (row + 1) * 3 * 1024);
      const expected = new Float32Array(3 * 1024);
      const column = places[2 * row] * 8;
      const line = 7 - places[2 * row + 1] * 8;
      paint(expected, 2, column, line);
      // Where the other square is, only the picture knows; the agent's own
      // covers it.
      const plane = goals[2 * row] ? 1 : 0;
      const at = picture.subarray(0, 2 * 1024).indexOf(1);
      if (at >= 0) {
        assert.equal(Math.floor(at / 1024), plane);
        paint(expected, plane, at % 32 / 4, Math.floor(at % 1024 / 32) / 4);
      }
      assert.deepEqual(picture, expected);
    }
  }
  return decision.count + terminal.count;
}

/** A square of 4 by 4 pixels in one color. */
function paint(
  picture: Float32Array,
  plane: number,
  column: number,
  line: number,
): void {
  for (let y = 4 * line; y < 4 * line + 4; y++) {
    const start = plane * 1024 + y * 32 + 4 * column;
    picture.fill(1, start, start + 4);
  }
}
