import assert from "node:assert/strict";
import { evaluateProgram } from "../../lib/algo/evaluate_program.ts";
import { PpoNetworks } from "../../lib/algo/ppo_networks.ts";
import type { VisualEncoderName } from "../../lib/nn/visual_encoders.ts";
import {
  DimensionProperty,
  type ObservationSpec,
  vectorObservation,
} from "../../lib/spec.ts";
import {
  add,
  concat,
  input,
  multiply,
  reshape,
  sum,
} from "../../lib/tensor/build.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { rowsAtOnce } from "../../lib/train/rows_at_once.ts";

/** A program whose largest array holds `width` values for each row. */
function programOf(width: number) {
  const rows = input("rows", ["n", 1]);
  const table = input("table", [8192, 4096]);
  const wide = input("wide", [1, width]);
  const all = add(multiply(rows, wide), sum(table));
  return makeProgram("test", [rows, table, wide], {
    sums: sum(all, [1]),
    all: reshape(all, ["n", width]),
  });
}

Deno.test("4,096 rows, fewer where an array would hold over 8 Mi values", () => {
  assert.equal(rowsAtOnce(programOf(2)), 4096);
  assert.equal(rowsAtOnce(programOf(2048)), 4096);
  assert.equal(rowsAtOnce(programOf(4096)), 2048);
  assert.equal(rowsAtOnce(programOf(3 * 2 ** 20)), 2);
  assert.equal(rowsAtOnce(programOf(2 ** 26)), 1);
});

Deno.test("pieces of several sizes go by all of them", () => {
  const [few, many] = [input("few", ["few", 2]), input("many", ["many", 2])];
  const program = makeProgram("test", [few, many], {
    all: concat([few, few, many], 0),
  });
  assert.equal(rowsAtOnce(program, 4), 1024);
  // Three million values of a piece: two are as many as may be.
  const large = (name: string) => name === "few" ? 2 ** 19 : 2 ** 20 - 2 ** 19;
  assert.equal(rowsAtOnce(program, 1, large), 2);
});

const camera: ObservationSpec = {
  name: "camera",
  shape: [3, 84, 84],
  dimensionProperties: [
    DimensionProperty.none,
    DimensionProperty.translational,
    DimensionProperty.translational,
  ],
  observationType: "default",
};

function atOnce(
  observation: ObservationSpec,
  vis_encode_type: VisualEncoderName = "simple",
  memory: { memory_size: number; sequence_length: number } | null = null,
): number {
  const networks = new PpoNetworks({
    spec: {
      observationSpecs: [observation],
      actionSpec: { continuousSize: 2, discreteBranches: [] },
    },
    normalize: false,
    hidden_units: 128,
    num_layers: 2,
    vis_encode_type,
    goal_conditioning_type: "hyper",
    signals: 1,
    memory,
  });
  const length = memory ? memory.sequence_length + 1 : 1;
  return rowsAtOnce(evaluateProgram(networks, length), length);
}

Deno.test("the evaluation of images goes in small pieces", () => {
  assert.equal(atOnce(vectorObservation(8)), 4096);
  // The largest arrays: 3 channels of the image, 16 of the first convolution.
  assert.equal(atOnce(camera), Math.floor(2 ** 23 / (3 * 84 * 84)));
  assert.equal(atOnce(camera, "resnet"), Math.floor(2 ** 23 / (16 * 84 * 84)));
});

Deno.test("of recurrent networks it goes by whole sequences", () => {
  const memory = { memory_size: 16, sequence_length: 15 };
  assert.equal(atOnce(vectorObservation(8), "simple", memory), 256);
  const ofImages = Math.floor(2 ** 23 / (16 * 3 * 84 * 84));
  assert.equal(atOnce(camera, "simple", memory), ofImages);
});
