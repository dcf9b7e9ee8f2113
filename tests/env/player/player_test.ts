import assert from "node:assert/strict";
import type {
  Environment,
  EnvironmentStatistic,
} from "../../../lib/env/env.ts";
import {
  AgentAction,
  AgentList,
  Command,
  InitializationInput,
  MapEntry,
  RlInput,
  Status,
  UnityInput,
  UnityMessage,
} from "../../../lib/env/unity/messages/tags.ts";
import {
  writeCapabilities,
  writeHeader,
} from "../../../lib/env/unity/messages/envelope.ts";
import type { MessageWriter } from "../../../lib/env/unity/messages/message_writer.ts";
import {
  writeTrainerGreeting,
  writeTrainerStep,
} from "../../../lib/env/unity/messages/trainer_message.ts";
import type { PlayerEnd } from "../../../lib/env/player/player.ts";
import {
  SimulatedWorld,
} from "../../../lib/env/player/simulated/simulated_world.ts";
import { parameterMessages } from "../../../lib/env/unity/side_channels/environment_parameters.ts";
import { joinMessages } from "../../../lib/env/unity/side_channels/framing.ts";
import { UserError } from "../../../lib/errors.ts";
import { type BehaviorSpec, vectorObservation } from "../../../lib/spec.ts";
import { checkActions, createAgentColumns } from "../../../lib/env/columns.ts";
import { FakeTrainer, type Request } from "./fake_trainer.ts";
import { freePort } from "../unity/fake_player.ts";
import { playHere, type PlayHereOptions } from "./served_environment.ts";
import { makeRecords } from "../unity/make_records.ts";

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
    checkActions("Two", spec.actionSpec, this.decision.count, actions);
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

interface Played {
  readonly requests: Request[];
  readonly end: PlayerEnd;
}

/** Plays against the answers, one for each of the player's messages. */
async function play(
  answers: readonly Writing[],
  environment = new TwoAgents(),
  options: PlayHereOptions = {},
): Promise<Played> {
  const trainer = await FakeTrainer.listen();
  try {
    const playing = playHere(trainer.port, (world) => {
      environment.log.push(`seed ${world.seed}, areas ${world.areas}`);
      return new SimulatedWorld(environment, world);
    }, options);
    const requests: Request[] = [];
    const answering = (async () => {
      for (const answer of answers) {
        requests.push(await trainer.request());
        trainer.answer(answer);
      }
    })();
    const end = await playing;
    await answering;
    return { requests, end };
  } finally {
    trainer.close();
  }
}

Deno.test("a player greets, resets itself, plays and quits", async () => {
  const environment = new TwoAgents();
  const parameters = joinMessages(parameterMessages({ gravity: 1 }));
  const { requests, end } = await play([
    greeting,
    command(Command.reset, parameters),
    actions([[[0.5], [1, 0]], [[-1], [0, 1]]]),
    command(Command.step),
    command(Command.reset),
    closing,
  ], environment);
  assert.equal(end, "was ended by the trainer");
  assert.deepEqual(environment.log, [
    ...["seed 9, areas 2", "gravity", "reset"],
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
  const records = makeRecords("Two", spec);
  records.read(second.reader, second.agentInfos[0]);
  assert.equal(records.terminal.count, 1);
  assert.equal(records.terminal.rewards[0], 0.5);
  assert.equal(records.decision.count, 2);
  assert.deepEqual(
    [...records.decision.actionMask?.subarray(0, 8) ?? []],
    [1, 1, 1, 1, 1, 0, 1, 1],
  );
});

Deno.test("the trainer may end at any time, by any other status", async () => {
  const environment = new TwoAgents();
  await play([closing], environment);
  assert.deepEqual(environment.log, []);
  await play([greeting, closing], environment);
  assert.deepEqual(environment.log, ["seed 9, areas 2", "close"]);
  await play([greeting, command(Command.reset), command(Command.quit)]);
  await play([
    greeting,
    command(Command.reset),
    (writer) => writeHeader(writer, 500),
  ]);
});

Deno.test("without a trainer nothing is played", async () => {
  const createWorld = () => assert.fail("a world was made");
  assert.equal(await playHere(freePort(), createWorld), "found no trainer");
});

Deno.test("old packages make no copies of areas and check the trainer", async () => {
  const environment = new TwoAgents();
  await play([greeting, closing], environment, { packageVersion: "2.0.0" });
  assert.equal(environment.log[0], "seed 9, areas 1");
  const answers = [greeting, command(Command.reset)];
  const packageVersion = "1.0.8";
  await assert.rejects(
    play(answers, environment, { packageVersion }),
    /found library version 1\.1\.0; allowed: up to 0\.25\.999/,
  );
});

Deno.test("a player that ends by itself says so and nothing else", async () => {
  const troubles = ["close@2"];
  const { requests, end } = await play(
    [greeting, command(Command.reset), command(Command.step), () => {}],
    new TwoAgents(),
    { troubles },
  );
  assert.equal(end, "ended by itself");
  assert.equal(requests.length, 4);
  assert.equal(requests[3].status, 400);
  assert.deepEqual([...requests[3].reader.buf], [0x0a, 3, 0x08, 0x90, 0x03]);
});

Deno.test("a trainer that breaks the protocol is told so", async () => {
  const start = [greeting, command(Command.reset)];
  const two = (bad: readonly [number[], number[]]) =>
    actions([[[0], [0, 0]], bad]);
  const cases: [Writing[], RegExp][] = [
    [[() => {}], /a status/],
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
    [[...start, two([[NaN], [0, 0]])], /action 0 of agent 1 is not a number/],
    [[...start, two([[0], [2, 0]])], /branch 0 of agent 1 is out of range/],
    [
      [...start, (writer) => writer.raw(new Uint8Array(2 ** 22 + 1))],
      /4194304/,
    ],
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

/** A greeting of a trainer that knows the basic protocol alone. */
const old: Writing = (writer) => {
  writeHeader(writer, Status.ok);
  const input = writer.open(UnityMessage.unityInput);
  const message = writer.open(UnityInput.initialization);
  writer.string(InitializationInput.communicationVersion, "1.0.0");
  writeCapabilities(writer, InitializationInput.capabilities, ["base"]);
  writer.close(message);
  writer.close(input);
};

Deno.test("a trainer without hybrid actions gets legacy specs, too", async () => {
  const answers = [old, command(Command.reset), closing];
  await assert.rejects(play(answers.slice(0, 2)), /hybrid actions.*trainer/);
  const trainer = await FakeTrainer.listen();
  try {
    const playing = playHere(trainer.port, "sim:Basic");
    const requests: Request[] = [];
    for (const answer of answers) {
      requests.push(await trainer.request());
      trainer.answer(answer);
    }
    await playing;
    const text = [...requests[2].reader.buf].join();
    // Field 3 of the brain parameters: one branch of 3. Field 9: the same.
    assert(text.includes([26, 1, 3].join()));
    assert(text.includes([74, 5, 16, 1, 26, 1, 3].join()));
  } finally {
    trainer.close();
  }
});
