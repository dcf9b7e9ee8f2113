import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import {
  checkObservations,
  encodeObservations,
  type EncoderSettings,
  type ObservationCode,
} from "../../lib/nn/observation_encoder.ts";
import { collectParameters } from "../../lib/nn/parameters.ts";
import { observationSize } from "../../lib/spec.ts";
import { constant, input } from "../../lib/tensor/build.ts";
import { valuesOf } from "../support/evaluate.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

/** Codes of `[n, ...]` observations, and the weights that they ask for. */
function encode(settings: EncoderSettings) {
  let code: ObservationCode | undefined;
  const parameters = collectParameters((scope) => {
    const observations = settings.observationSpecs.map((spec, sensor) =>
      input(`obs_${sensor}`, ["n", observationSize(spec)])
    );
    code = encodeObservations(scope.at("e"), observations, settings);
  });
  assert(code);
  return { ...code, names: parameters.map(({ name }) => name) };
}

const vector = vectorSensor(3);
const camera = visualSensor([1, 20, 20]);
const list = entitySensor([4, 2]);

Deno.test("the size is that of all vectors, images and lists together", () => {
  const size = (...specs: EncoderSettings["observationSpecs"]) =>
    encode(networkSettings(specs)).code.shape;
  assert.deepEqual(size(vector), ["n", 3]);
  assert.deepEqual(size(vector, vectorSensor(2)), ["n", 5]);
  assert.deepEqual(size(camera), ["n", 8]);
  assert.deepEqual(size(camera, vector, camera), ["n", 8 + 3 + 8]);
  assert.deepEqual(size(list), ["n", 128]);
  assert.deepEqual(size(list, vector, list), ["n", 3 + 128]);
});

Deno.test("vectors stay as they are, in the order of the sensors", () => {
  const settings = networkSettings([vectorSensor(2), vectorSensor(1)]);
  const rows = (size: number, ...values: number[]) =>
    constant(Float32Array.from(values), [2, size]);
  collectParameters((scope) => {
    const observations = [rows(2, 1, 2, 3, 4), rows(1, 5, 6)];
    const { code } = encodeObservations(scope, observations, settings);
    assert.deepEqual(valuesOf(code), [1, 2, 5, 3, 4, 6]);
  });
});

Deno.test("every camera has weights of its own, named by its sensor", () => {
  const { names } = encode(networkSettings([camera, vector, camera]));
  const parts = names.map((name) => name.split(".").slice(0, 3).join("."));
  assert.deepEqual([...new Set(parts)], ["e.visual.0", "e.visual.2"]);
});

Deno.test("goals condition the network where they can and should", () => {
  const goal = vectorSensor(2, "goal");
  const goalImage = visualSensor([1, 20, 20], "goal");
  const goalOf = (
    specs: EncoderSettings["observationSpecs"],
    change: Partial<EncoderSettings> = {},
  ) => encode(networkSettings(specs, change)).goal?.shape;
  assert.deepEqual(goalOf([vector, goal]), ["n", 2]);
  assert.deepEqual(goalOf([goalImage, vector, goal]), ["n", 8 + 2]);
  assert.equal(goalOf([vector]), undefined);
  const none = { goal_conditioning_type: "none" } as const;
  assert.equal(goalOf([vector, goal], none), undefined);
  assert.equal(goalOf([entitySensor([4, 2], "goal"), vector]), undefined);
  // Goals are seen like all other observations, too.
  const { code } = encode(networkSettings([vector, goal]));
  assert.deepEqual(code.shape, ["n", 5]);
});

/** The wording of what is refused. */
function refusal(settings: EncoderSettings): string {
  try {
    checkObservations(settings);
  } catch (error) {
    assert(error instanceof UserError);
    return error.message;
  }
  return "nothing";
}

Deno.test("images that are too small: sensor, shape, limit and other ways", () => {
  const small = networkSettings([vector, visualSensor([3, 40, 16])], {
    vis_encode_type: "nature_cnn",
  });
  assert.equal(
    refusal(small),
    'network_settings.vis_encode_type: the images of the sensor "Camera" ' +
      "are too small for nature_cnn (found [3, 40, 16], channels first; " +
      "allowed: height and width of 36 or more)\n" +
      "  Use resnet (15 or more) or match3 (5 or more) or fully_connected " +
      "(1 or more), or larger images.",
  );
  const two = networkSettings([
    visualSensor([1, 4, 4]),
    visualSensor([1, 9, 4]),
  ]);
  assert.equal(refusal(two).match(/too small/g)?.length, 2);
  assert.match(refusal(two), /Use fully_connected \(1 or more\), or larger/);
});

Deno.test("images of exactly the smallest side are taken", () => {
  for (
    const [encoder, side] of [
      ["simple", 20],
      ["nature_cnn", 36],
      ["resnet", 15],
      ["match3", 5],
      ["fully_connected", 1],
    ] as const
  ) {
    const sensors = [visualSensor([2, side, side + 3])];
    const settings = networkSettings(sensors, { vis_encode_type: encoder });
    assert.equal(refusal(settings), "nothing");
  }
});

Deno.test("a behavior that observes nothing is refused", () => {
  assert.match(refusal(networkSettings([])), /observes nothing/);
  const empty = { ...vectorSensor(0), name: "Eyes" };
  assert.match(
    refusal(networkSettings([empty])),
    /observes nothing.*\(found the sensor "Eyes" of no values\)/,
  );
  assert.equal(refusal(networkSettings([empty, vector])), "nothing");
  // What cannot be read at all is told first.
  const list = networkSettings([entitySensor([0, 4])]);
  assert.match(refusal(list), /no network can read the sensor "Neighbors"/);
});

Deno.test("a goal of variable length beside another goal is refused", () => {
  const goals = [vectorSensor(2, "goal"), entitySensor([4, 2], "goal")];
  const message = refusal(networkSettings(goals));
  assert.match(message, /goal_conditioning_type: a goal of variable length/);
  assert.match(message, /the sensor "Neighbors" is a goal/);
  const none = { goal_conditioning_type: "none" } as const;
  assert.equal(refusal(networkSettings(goals, none)), "nothing");
  assert.equal(refusal(networkSettings([list, goals[1]])), "nothing");
});
