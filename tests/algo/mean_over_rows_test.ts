import { meanOverRows } from "../../lib/algo/mean_over_rows.ts";
import { constant } from "../../lib/tensor/build.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

const x = matrix([1, 2], [3, 5], [100, 200]);

Deno.test("without shares all rows count alike", () => {
  assertClose(valuesOf(meanOverRows(x)), [311 / 6], 1e-6);
});

Deno.test("rows count by their share, their own values alike", () => {
  const share = constant(Float32Array.of(0.25, 0.75, 0));
  // 0.25 1.5 + 0.75 4.
  assertClose(valuesOf(meanOverRows(x, share)), [3.375], 1e-6);
});
