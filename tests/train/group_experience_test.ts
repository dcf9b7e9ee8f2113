import assert from "node:assert/strict";
import { groupRows, mateColumn } from "../../lib/train/group_experience.ts";

/** Six rows; rows 1 and 4 are mates, row 2 has 1 and 5. */
const groups = {
  mates: Int32Array.of(-1, -1, 4, -1, 1, 5, -1, -1, -1, 1, -1, -1),
  widest: 2,
};
const columns = {
  obs_0: {
    data: Float32Array.of(0, 0.5, 10, 10.5, 20, 20.5, 30, 30, 40, 40, 50, 50.5),
    shape: [6, 2],
  },
  discrete: { data: Int32Array.of(0, 1, 2, 3, 4, 5), shape: [6, 1] },
};

Deno.test("every row that is needed is taken once, wherever it is needed", () => {
  const taken = groupRows(columns, groups, Int32Array.of(2, 1, 2, 0), 3);
  // In order of first need: 2, 1, 0, then the mates 5 and 4.
  assert.deepEqual([...taken.discrete.data], [2, 1, 0, 5, 4]);
  assert.deepEqual([...taken.obs_0.data.slice(0, 4)], [20, 20.5, 10, 10.5]);
  assert.deepEqual([...taken.rows.data], [0, 1, 0, 2]);
  assert.deepEqual(taken.mates.shape, [4, 3]);
  assert.deepEqual(
    [...taken.mates.data],
    [1, 3, -1, 4, -1, -1, 1, 3, -1, -1, -1, -1],
  );
});

Deno.test("agents without mates need no column of them", () => {
  const nobody = { mates: new Int32Array(0), widest: 0 };
  const taken = groupRows(columns, nobody, Int32Array.of(3), 0);
  assert.deepEqual(Object.keys(taken).sort(), ["discrete", "obs_0", "rows"]);
  assert.deepEqual(mateColumn(nobody, [0, 1], 0), {});
  const { mates } = mateColumn(nobody, [0, 1], 1);
  assert.deepEqual([...mates.data], [-1, -1]);
});
