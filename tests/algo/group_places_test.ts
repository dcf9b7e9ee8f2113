import assert from "node:assert/strict";
import { widenGroups } from "../../lib/algo/group_places.ts";
import { assertClose } from "../support/closeness.ts";

/** Two inputs and how full the group is; two signals. */
const weights = {
  "critic.value.weight": {
    data: Float32Array.of(1, 2, 3, 4, 0.5, -0.25),
    shape: [3, 2],
  },
  "critic.value.bias": { data: Float32Array.of(10, 20), shape: [2] },
};

/** What the heads make of codes 1 and -1 in a group of `present`. */
function heads(
  { "critic.value.weight": weight, "critic.value.bias": bias }: ReturnType<
    typeof widenGroups
  >,
  present: number,
  places: number,
): number[] {
  const x = [1, -1, 2 * present / places - 1];
  return [0, 1].map((k) =>
    x.reduce(
      (sum, each, i) => sum + each * Number(weight.data[2 * i + k]),
      Number(bias.data[k]),
    )
  );
}

Deno.test("groups of before are judged as before, in more places (F-4)", () => {
  const wider = widenGroups(weights, 3, 5);
  for (const present of [1, 2, 3]) {
    assertClose(heads(wider, present, 5), heads(weights, present, 3), 1e-5);
    // The same weights would say something else of the same group.
    assert.notDeepEqual(
      heads(weights, present, 5),
      heads(weights, present, 3),
    );
  }
});

Deno.test("weights before are left as they were", () => {
  widenGroups(weights, 1, 2);
  const { data } = weights["critic.value.weight"];
  assert.deepEqual([...data], [1, 2, 3, 4, 0.5, -0.25]);
});
