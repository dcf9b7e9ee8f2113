import assert from "node:assert/strict";
import {
  groupMembers,
  groupViews,
  matesAmong,
  repeatRows,
} from "../../lib/algo/group_members.ts";
import { constant } from "../../lib/tensor/build.ts";
import { matrix, valuesOf, wholeMatrix } from "../support/evaluate.ts";

const own = constant(Int32Array.of(5, 6));
const mates = wholeMatrix([6, 3], [-1, 5]);

Deno.test("an agent comes before its mates; nobody is some row, and absent", () => {
  const { rows, absent } = groupMembers(own, mates);
  assert.deepEqual(rows.shape, [2, 3]);
  assert.deepEqual(valuesOf(rows), [5, 6, 3, 6, 0, 5]);
  assert.deepEqual(valuesOf(absent), [0, 0, 0, 0, 1, 0]);
});

Deno.test("an agent without mates is a group of one", () => {
  const { rows, absent } = groupMembers(own, undefined);
  assert.deepEqual(rows.shape, [2, 1]);
  assert.deepEqual(valuesOf(rows), [5, 6]);
  assert.deepEqual(valuesOf(absent), [0, 0]);
});

Deno.test("the mates' values among those of all members", () => {
  const values = matrix([1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12]);
  const taken = matesAmong(values, groupMembers(own, mates));
  assert.deepEqual(taken.shape, [4, 2]);
  assert.deepEqual(valuesOf(taken), [3, 4, 5, 6, 9, 10, 11, 12]);
});

Deno.test("an agent's views: all states; its own and its mates' decisions", () => {
  // States 0, 1, 2; decisions of the members 1 and 2.
  assert.deepEqual(groupViews(3, 2), [[0, 1, 2], [0, 3, 4]]);
  assert.deepEqual(groupViews(2, 1), [[0, 1], [0, 2]]);
});

Deno.test("a moment's views: all states; each one's and the others' decisions", () => {
  // States 0, 1, 2; decisions 3, 4, 5 of the same members.
  assert.deepEqual(groupViews(3, 3), [
    [0, 1, 2],
    [0, 4, 5],
    [1, 3, 5],
    [2, 3, 4],
  ]);
});

Deno.test("rows are repeated one by one", () => {
  const repeated = repeatRows(matrix([1, 2], [3, 4]), 3);
  assert.deepEqual(repeated.shape, [6, 2]);
  assert.deepEqual(valuesOf(repeated), [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4]);
});
