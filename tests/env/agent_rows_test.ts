import assert from "node:assert/strict";
import {
  maskOfRow,
  observationOfRow,
  rowOfAgent,
} from "../../lib/env/agent_rows.ts";
import { createAgentColumns } from "../../lib/env/columns.ts";
import { type BehaviorSpec, vectorObservation } from "../../lib/spec.ts";

const spec: BehaviorSpec = {
  observationSpecs: [
    vectorObservation(1),
    { ...vectorObservation(4), shape: [2, 2] },
  ],
  actionSpec: { continuousSize: 0, discreteBranches: [2, 3] },
};

Deno.test("an agent's row is found among those in use only", () => {
  const columns = createAgentColumns(spec, 8);
  columns.addRow(5);
  columns.addRow(-3);
  assert.equal(rowOfAgent(columns, 5), 0);
  assert.equal(rowOfAgent(columns, -3), 1);
  // Unused rows hold zeros.
  assert.equal(rowOfAgent(columns, 0), -1);
});

Deno.test("observations and masks of a row are views", () => {
  const columns = createAgentColumns(spec, 2);
  columns.addRow(1);
  columns.addRow(2);
  columns.observations[0].set([7, 8]);
  columns.observations[1].set([1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual([...observationOfRow(columns, spec, 1)], [8]);
  assert.deepEqual([...observationOfRow(columns, spec, 1, 1)], [5, 6, 7, 8]);
  observationOfRow(columns, spec, 0, 1)[3] = 9;
  assert.equal(columns.observations[1][3], 9);
  assert.equal(maskOfRow(columns, spec, 1), null);
  columns.maskActions()[6] = 0;
  const masks = [0, 1].map((row) => maskOfRow(columns, spec, row));
  assert.deepEqual(masks.map((mask) => [...mask ?? []]), [
    [1, 1, 1, 1, 1],
    [1, 0, 1, 1, 1],
  ]);
});
