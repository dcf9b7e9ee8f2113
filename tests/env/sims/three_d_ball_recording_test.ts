/** The simulator against a recording of Unity's own 3DBall. */
import assert from "node:assert/strict";
import protobuf from "protobufjs";
import { ThreeDBall } from "../../../lib/env/sims/three_d_ball.ts";
import type { NamedArrays } from "../../../lib/util/arrays.ts";
import { testWithSharedData } from "../../support/shared_data.ts";

const behavior = "3DBall?team=0";

const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Meta { int32 number_steps = 3; }
  message Pair { Info agent_info = 1; Action action_info = 2; }
  message Info { bool done = 8; repeated Observation observations = 13; }
  message Observation { Floats float_data = 4; }
  message Floats { repeated float data = 1; }
  message Action { repeated float vector_actions = 1; }
`,
  { keepCase: true },
);

interface RecordedStep {
  readonly done: boolean;
  readonly observation: readonly number[];
  /** The action that led to the observation. */
  readonly action: readonly number[];
}

/** Reads the records between the headers and the recorder's tail. */
function readRecording(bytes: Uint8Array): RecordedStep[] {
  const type = (name: string) => root.lookupType(name);
  const reader = protobuf.Reader.create(bytes);
  const options = { arrays: true, defaults: true };
  const meta = type("Meta").toObject(
    type("Meta").decode(reader.bytes()),
    options,
  );
  reader.pos = 33;
  reader.bytes();
  return Array.from({ length: meta.number_steps }, () => {
    const pair = type("Pair").decode(reader.bytes());
    const { agent_info, action_info } = type("Pair").toObject(pair, options);
    return {
      done: agent_info.done,
      observation: agent_info.observations[0].float_data.data,
      action: action_info.vector_actions,
    };
  });
}

/** The quaternion of a turn about x, then about z, from its x and z. */
function resetRotation(x: number, z: number): number[] {
  // x = sin a cos b and z = cos a sin b for the half angles a and b.
  const half = (1 + x * x - z * z) / 2;
  const a = Math.asin(
    Math.sign(x) * Math.sqrt(half - Math.sqrt(half * half - x * x)),
  );
  const b = Math.asin(z / Math.cos(a));
  return [x, -Math.sin(a) * Math.sin(b), z, Math.cos(a) * Math.cos(b)];
}

function withValues(state: NamedArrays, values: Record<string, number[]>) {
  const replaced = Object.entries(values).map(([name, data]) => [
    name,
    { data: Float64Array.from(data), shape: [data.length] },
  ]);
  return { ...state, ...Object.fromEntries(replaced) };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

const title = "the simulator follows a recording of Unity's 3DBall";

testWithSharedData(title, "demos/3DBall_recorded.demo", (bytes) => {
  const steps = readRecording(bytes);
  assert.equal(steps.length, 2144);

  const environment = new ThreeDBall({ areas: 1, seed: 1 });
  const { decision } = environment.getSteps(behavior);
  const turn: number[] = [], place: number[] = [], speed: number[] = [];
  let isFirst = true;
  environment.reset();
  for (let t = 0; t + 1 < steps.length; t++) {
    const { observation, done } = steps[t];
    if (done || steps[t + 1].done) {
      isFirst = true;
      continue;
    }
    // The box's rotation and the ball's spin are carried on from before.
    environment.restore(withValues(environment.snapshot(), {
      episodeSteps: [0],
      positions: observation.slice(2, 5),
      velocities: observation.slice(5, 8),
      ...(isFirst &&
        { rotations: resetRotation(observation[1], observation[0]) }),
    }));
    isFirst = false;
    environment.setActions(behavior, {
      continuous: Float32Array.from(steps[t + 1].action),
      discrete: new Int32Array(0),
    });
    environment.step();
    assert.equal(decision.count, 1);
    const predicted = decision.observations[0];
    const off = steps[t + 1].observation.map((value, i) =>
      Math.abs(value - predicted[i])
    );
    turn.push(Math.max(off[0], off[1]));
    place.push(Math.hypot(off[2], off[3], off[4]));
    speed.push(Math.hypot(off[5], off[6], off[7]));
  }
  console.log(
    `medians of ${turn.length} decisions: turn ${median(turn)}, ` +
      `place ${median(place)} m, speed ${median(speed)} m/s`,
  );
  assert(turn.length > 2000);
  assert(Math.max(...turn) < 5e-6);
  assert(median(place) < 2e-4);
  assert(median(speed) < 2.2e-3);
});
