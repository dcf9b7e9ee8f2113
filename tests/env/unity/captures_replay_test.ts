/** Recorded players, played back to a trainer that steps with zero actions. */
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  Reader,
  readFields,
} from "../../../lib/env/unity/messages/message_reader.ts";
import {
  AgentAction,
  AgentList,
  EXCHANGE_PATH,
} from "../../../lib/env/unity/messages/tags.ts";
import {
  readTrainerMessage,
  type TrainerMessage,
} from "../../../lib/env/unity/messages/trainer_message.ts";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import { type Capture, captureRuns, readCaptures } from "./captures.ts";
import { freePort } from "./fake_player.ts";

for (const run of captureRuns) {
  const requests = readCaptures("req", [run]);
  Deno.test({
    name: `${run}, played back, gets answers of the recorded shape`,
    ignore: requests.length === 0,
    fn: () => playBack(requests, readCaptures("resp", [run])),
  });
}

async function playBack(
  requests: readonly Capture[],
  recorded: readonly Capture[],
): Promise<void> {
  const editorPort = freePort();
  const starting = UnityEnvironment
    .start({ executable: null, editorPort, seed: 1, timeoutWait: 5 });
  const client = new Client(
    `localhost:${editorPort}`,
    credentials.createInsecure(),
  );
  const replies: Promise<Uint8Array>[] = [];
  const player = (async () => {
    for (const { bytes } of requests) {
      replies.push(exchange(client, bytes));
      await replies.at(-1);
    }
    client.close();
  })();
  const trainer = starting.then(async (environment) => {
    await environment.reset();
    for (let step = 3; step < requests.length; step++) await environment.step();
    const { behaviorSpecs } = environment;
    await environment.close();
    return behaviorSpecs;
  });
  const [behaviorSpecs] = await Promise.all([trainer, player]);

  assert.equal(replies.length, recorded.length);
  for (const [i, { file, bytes }] of recorded.entries()) {
    const ours = shapeOf(await replies[i]);
    const theirs = shapeOf(bytes);
    if (i < recorded.length - 1) assert.deepEqual(ours, theirs, file);
    // Our run ends here, theirs went on.
    else assert.deepEqual([ours.status, ours.hasInput], [400, false]);
    for (const behavior of Object.keys(theirs.actions)) {
      assert(behaviorSpecs.has(behavior), `${file}: ${behavior}`);
    }
  }
}

function exchange(client: Client, message: Uint8Array): Promise<Uint8Array> {
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(
      EXCHANGE_PATH,
      same,
      same,
      Buffer.from(message),
      (error: ServiceError | null, answer?: Buffer) =>
        error ? reject(error) : resolve(new Uint8Array(answer ?? [])),
    )
  );
}

/**
 * What a player can rely on: which parts are there and, for each behavior and
 * agent, in order, which fields with how many bytes. The order of behaviors is
 * free, and theirs changed at random.
 */
function shapeOf(bytes: Uint8Array) {
  const reader = Reader.create(bytes);
  const message: TrainerMessage = readTrainerMessage(reader);
  const { status, greeting, hasInput, command, agentActions } = message;
  const actions: Record<string, Record<string, number>[]> = {};
  for (const { behavior, start, end } of agentActions) {
    const agents: Record<string, number>[] = actions[behavior] = [];
    reader.pos = start;
    readFields(reader, end, (tag) => {
      assert.equal(tag, AgentList.value);
      agents.push(fieldCounts(reader.bytes()));
    });
  }
  return {
    status,
    hasInput,
    command,
    actions,
    greeting: greeting && {
      ...greeting,
      // They offer analytics, we do not; players need not know.
      capabilities: greeting.capabilities
        ?.difference(new Set(["trainingAnalytics"])),
      seed: greeting.seed !== 0,
      packageVersion: greeting.packageVersion !== "",
    },
  };
}

/**
 * Number of values of each field of an `AgentActionProto`. What only players
 * before version 1.3 read must hold both kinds; the recorded trainer left it
 * out, we do not.
 */
function fieldCounts(action: Uint8Array): Record<string, number> {
  const counts = { legacyActions: 0, continuous: 0, discrete: 0 };
  const reader = Reader.create(action);
  readFields(reader, action.length, (tag) => {
    const bytes = reader.bytes();
    if (tag === AgentAction.legacyActions) {
      counts.legacyActions += bytes.length / 4;
    } else if (tag === AgentAction.continuous) {
      counts.continuous += bytes.length / 4;
    } else if (tag === AgentAction.discrete) {
      counts.discrete += bytes.length;
    } else assert.fail(`field ${tag >> 3}`);
  });
  const { legacyActions, ...present } = counts;
  const all = present.continuous + present.discrete;
  assert(legacyActions === 0 || legacyActions === all);
  return present;
}
