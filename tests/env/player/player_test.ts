import assert from "node:assert/strict";
import type {
  Environment,
  EnvironmentStatistic,
} from "../../../lib/env/env.ts";
import {
  AgentAction,
  AgentList,
  Capabilities,
  Command,
  InitializationInput,
  MapEntry,
  RlInput,
  Status,
  UnityInput,
  UnityMessage,
} from "../../../lib/env/unity/messages/tags.ts";
import { writeHeader } from "../../../lib/env/unity/messages/envelope.ts";
import type { MessageWriter } from "../../../lib/env/unity/messages/message_writer.ts";
import {
  writeTrainerGreeting,
  writeTrainerStep,
} from "../../../lib/env/unity/messages/trainer_message.ts";
import { servePlayer } from "../../../lib/env/player/player.ts";
import { parameterMessages } from "../../../lib/env/unity/side_channels/environment_parameters.ts";
import { joinMessages } from "../../../lib/env/unity/side_channels/framing.ts";
import { UserError } from "../../../lib/errors.ts";
import { type BehaviorSpec, vectorObservation } from "../../../lib/spec.ts";
import { createAgentColumns } from "../../../lib/env/columns.ts";
import { BehaviorRecords } from "../../../lib/env/unity/behavior_records.ts";
import { FakeTrainer, type Request } from "./fake_trainer.ts";
import { freePort } from "../unity/fake_player.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [2, 2] },
};

/** Two agents; the second one may not choose 1 in the first branch. */
class TwoAgents implements Environment {
  readonly behaviorSpecs = new Map([["Two", spec]]);
  readonly decision = createAgentColumns(spec, 2);
  readonly terminal = createAgentColumns(spec, 2);
  readonly log: string[] = [];

  reset(): void {
    this.log.push("reset");
    this.#decide();
  }

  step(): void {
    this.log.push("step");
    this.terminal.clear();
    const row = this.terminal.addRow(0);
    this.terminal.rewards[row] = 0.5;
    this.#decide();
  }

  #decide(): void {
    this.decision.clear();
    for (const id of [0, 1]) this.decision.addRow(id);
    this.decision.maskActions()[4 + 1] = 0;
  }

  getSteps() {
    return { decision: this.decision, terminal: this.terminal };
  }

  setActions(
    _: string,
    actions: { continuous: Float32Array; discrete: Int32Array },
  ): void {
    this.log.push(`${actions.continuous} | ${actions.discrete}`);
  }

  setAction(): void {
    this.log.push("an action alone");
  }

  setParameters(parameters: Readonly<Record<string, unknown>>): void {
    for (const name of Object.keys(parameters)) this.log.push(name);
  }

  takeStatistics(): EnvironmentStatistic[] {
    return [{ name: "height", value: 2, aggregation: "latest" }];
  }

  close(): void {
    this.log.push("close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const none = new Uint8Array();

type Writing = (writer: MessageWriter) => void;

const greeting: Writing = (writer) =>
  writeTrainerGreeting(writer, {
    seed: 9,
    communicationVersion: "1.5.0",
    packageVersion: "1.1.0",
    numAreas: 2,
  });
const closing: Writing = (writer) => writeHeader(writer, Status.closing);
const command =
  (number: number, sideChannel: Uint8Array = none): Writing => (writer) =>
    writeTrainerStep(writer, number, [], sideChannel);

/** An answer with hand-made actions: continuous values, discrete indices. */
function actions(
  agents: readonly (readonly [number[], number[]])[],
  behavior = "Two",
): Writing {
  return (writer) => {
    writeHeader(writer, Status.ok);
    const input = writer.open(UnityMessage.unityInput);
    const rlInput = writer.open(UnityInput.rlInput);
    const entry = writer.open(RlInput.agentActions);
    writer.string(MapEntry.key, behavior);
    const list = writer.open(MapEntry.value);
    for (const [continuous, discrete] of agents) {
      const action = writer.open(AgentList.value);
      const values = Float32Array.from(continuous);
      writer.floats(AgentAction.continuous, values, 0, values.length);
      writer.int32s(AgentAction.discrete, discrete);
      writer.close(action);
    }
    for (const mark of [list, entry, rlInput, input]) writer.close(mark);
  };
}

/** Plays against the answers, one for each of the player's messages. */
async function play(
  answers: readonly Writing[],
  environment = new TwoAgents(),
): Promise<Request[]> {
  const trainer = await FakeTrainer.listen();
  try {
    const made: number[] = [];
    const playing = servePlayer({
      port: trainer.port,
      createEnvironment: (...args) => {
        made.push(...args);
        return environment;
      },
    });
    const requests: Request[] = [];
    const answering = (async () => {
      for (const answer of answers) {
        requests.push(await trainer.request());
        trainer.answer(answer);
      }
    })();
    assert.equal(await playing, true);
    await answering;
    if (made.length > 0) assert.deepEqual(made, [9, 2]);
    return requests;
  } finally {
    trainer.close();
  }
}

Deno.test("a player greets, resets itself, plays and quits", async () => {
  const environment = new TwoAgents();
  const parameters = joinMessages(parameterMessages({ gravity: 1 }));
  const requests = await play([
    greeting,
    command(Command.reset, parameters),
    actions([[[0.5], [1, 0]], [[-1], [0, 1]]]),
    command(Command.step),
    command(Command.reset),
    closing,
  ], environment);
  assert.deepEqual(environment.log, [
    ...["gravity", "reset"],
    ...["0.5,-1 | 1,0,0,1", "step"],
    // Without a list the agents act with zeros, which is nothing to set.
    "step",
    ...["reset", "close"],
  ]);
  const [hello, ready, first, second] = requests;
  assert.deepEqual(hello.versions, {
    communication: "1.5.0",
    package: "3.0.0",
  });
  assert.deepEqual(hello.behaviors, []);
  assert.deepEqual([ready.status, ready.agentInfos.length], [200, 0]);
  const { actionSpec } = spec;
  assert.deepEqual(first.behaviors, [{ name: "Two", actionSpec }]);
  assert(first.sideChannel.length > 0);
  // Specs are sent once; ends come before decisions.
  assert.deepEqual(second.behaviors, []);
  const records = new BehaviorRecords("Two", spec);
  records.read(second.reader, second.agentInfos[0]);
  assert.equal(records.terminal.count, 1);
  assert.equal(records.terminal.rewards[0], 0.5);
  assert.equal(records.decision.count, 2);
  assert.deepEqual(
    [...records.decision.actionMask?.subarray(0, 8) ?? []],
    [1, 1, 1, 1, 1, 0, 1, 1],
  );
});

Deno.test("the trainer may end at any time", async () => {
  const environment = new TwoAgents();
  await play([closing], environment);
  assert.deepEqual(environment.log, []);
  await play([greeting, closing], environment);
  assert.deepEqual(environment.log, ["close"]);
  await play([greeting, command(Command.reset), command(Command.quit)]);
});

Deno.test("without a trainer nothing is played", async () => {
  const port = freePort();
  const createEnvironment = () => assert.fail("an environment was made");
  assert.equal(await servePlayer({ port, createEnvironment }), false);
});

Deno.test("a trainer that breaks the protocol is told so", async () => {
  const start = [greeting, command(Command.reset)];
  const two = (bad: readonly [number[], number[]]) =>
    actions([[[0], [0, 0]], bad]);
  const cases: [Writing[], RegExp][] = [
    [[() => {}], /status 200/],
    [[(writer) => writeHeader(writer, Status.ok)], /initialization/],
    [[withoutCapabilities], /capabilities/],
    [[greeting, (writer) => writeHeader(writer, Status.ok)], /rl_input/],
    [[greeting, () => {}], /status/],
    [[...start, (writer) => writeHeader(writer, Status.ok)], /rl_input/],
    [[...start, actions([], "One")], /unknown behavior.*"One".*Two/],
    [[...start, actions([[[0], [0, 0]]])], /agents' actions.*found 1.*2/],
    [[...start, two([[], [0, 0]])], /continuous actions.*found 0.*1/],
    [[...start, two([[0, 0], [0, 0]])], /continuous actions.*found 2.*1/],
    [[...start, two([[0], [0]])], /discrete actions.*found 1.*2/],
    [[...start, two([[0], [1, 0]])], /masked action for agent 1.*action 1/],
    [[...start, (writer) => writer.raw(Uint8Array.of(0x0a, 9))], /read/],
  ];
  for (const [answers, message] of cases) {
    const environment = new TwoAgents();
    await assert.rejects(
      play(answers, environment),
      (error: unknown) => {
        assert(error instanceof UserError, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
    if (answers.length > 1) assert.equal(environment.log.at(-1), "close");
  }
});

function withoutCapabilities(writer: MessageWriter): void {
  writeHeader(writer, Status.ok);
  const input = writer.open(UnityMessage.unityInput);
  const message = writer.open(UnityInput.initialization);
  writer.string(InitializationInput.communicationVersion, "1.5.0");
  writer.close(message);
  writer.close(input);
}

Deno.test("a trainer without hybrid actions gets legacy specs", async () => {
  const old: Writing = (writer) => {
    writeHeader(writer, Status.ok);
    const input = writer.open(UnityMessage.unityInput);
    const message = writer.open(UnityInput.initialization);
    writer.int32(InitializationInput.seed, 9);
    writer.string(InitializationInput.communicationVersion, "1.0.0");
    const capabilities = writer.open(InitializationInput.capabilities);
    writer.bool(Capabilities.base, true);
    writer.close(capabilities);
    writer.int32(InitializationInput.numAreas, 2);
    writer.close(message);
    writer.close(input);
  };
  const requests = await play([old, command(Command.reset), closing]);
  const text = [...requests[2].reader.buf].join();
  // Field 3 of the brain parameters: branch sizes 2, 2.
  assert(text.includes([26, 2, 2, 2].join()));
});
