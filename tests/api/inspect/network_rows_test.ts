import assert from "node:assert/strict";
import {
  countValues,
  networkRows,
} from "../../../lib/api/inspect/network_rows.ts";

const array = (...shape: number[]) => ({
  data: new Float32Array(shape.reduce((product, n) => product * n, 1)),
  shape,
});

const weights = {
  "actor.discrete.bias": array(3),
  "actor.discrete.weight": array(4, 3),
  "actor.body.10.weight": array(4, 4),
  "actor.body.2.bias": array(4),
  "actor.body.2.weight": array(1000, 4),
  "actor.encoder.visual.0.dense.weight": array(2, 4),
  "critic.value.weight": array(4, 1),
  "critic.body.0.weight": array(4, 4),
};

Deno.test("layers from observations to results, network by network", () => {
  assert.deepEqual(networkRows(weights), [
    ["actor.encoder.visual.0.dense", "2 x 4", "8"],
    ["actor.body.2", "1000 x 4, 4", "4,004"],
    ["actor.body.10", "4 x 4", "16"],
    ["actor.discrete", "4 x 3, 3", "15"],
    ["critic.body.0", "4 x 4", "16"],
    ["critic.value", "4 x 1", "4"],
  ]);
  assert.equal(countValues(weights), 8 + 4004 + 16 + 15 + 16 + 4);
});
