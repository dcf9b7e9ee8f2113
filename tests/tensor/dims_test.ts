import assert from "node:assert/strict";
import {
  addDims,
  comparePositions,
  dimTerms,
  evaluateDim,
  isNatural,
  multiplyDims,
  subtractDims,
} from "../../lib/tensor/dims.ts";
import type { Dim } from "../../lib/tensor/operation.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

Deno.test("sizes multiply, known and by name", () => {
  assert.equal(multiplyDims([4, 5]), 20);
  assert.equal(multiplyDims([]), 1);
  assert.equal(multiplyDims(["rows"]), "rows");
  assert.equal(multiplyDims([4, "rows", 5, "agents"]), "20*agents*rows");
  assert.equal(multiplyDims(["20*rows", 2]), "40*rows");
  assert.equal(multiplyDims([0, "rows"]), 0);
  assert.equal(multiplyDims(["2*a+1", 3, "a+b"]), "3*a+6*a*a+6*a*b+3*b");
});

Deno.test("sizes add up and are taken from each other", () => {
  assert.equal(addDims([4, 5]), 9);
  assert.equal(addDims([]), 0);
  assert.equal(addDims(["rows", 1, "2*rows", 2]), "3+3*rows");
  assert.equal(subtractDims("3+3*rows", "2*rows"), "3+rows");
  assert.equal(subtractDims("3+3*rows", "3*rows"), 3);
  assert.equal(subtractDims("rows", "rows"), 0);
  assert(isNatural(subtractDims("a+b", "b")));
  assert(!isNatural(subtractDims("a+b", "2*b")));
});

Deno.test("a size is read as the sum that it is", () => {
  assert.deepEqual(dimTerms("2*agents*rows+3"), [
    { number: 2, names: ["agents", "rows"] },
    { number: 3, names: [] },
  ]);
  assert.deepEqual(dimTerms("rows"), [{ number: 1, names: ["rows"] }]);
  assert.deepEqual(dimTerms(3), [{ number: 3, names: [] }]);
});

Deno.test("later pieces come later", () => {
  const sizes = ["3*c", 2, "a", "a*b"];
  const ends = sizes.map((_, i) => addDims(sizes.slice(0, i)));
  assert.deepEqual(ends.toReversed().sort(comparePositions), ends);
});

Deno.test("arithmetic with names is that with their numbers", () => {
  const sizes: Record<string, number> = { a: 2, b: 3, "c.1": 7 };
  const valueOf = (dim: Dim) => evaluateDim(dim, (name) => sizes[name]);
  for (let seed = 0; seed < 200; seed++) {
    const random = new RandomGenerator(seed);
    const draw = (depth: number): Dim => {
      const kind = random.integer(depth > 0 ? 4 : 2);
      if (kind === 0) return random.integer(4);
      if (kind === 1) return Object.keys(sizes)[random.integer(3)];
      const [x, y] = [draw(depth - 1), draw(depth - 1)];
      return kind === 2 ? addDims([x, y]) : multiplyDims([x, y]);
    };
    const [x, y] = [draw(3), draw(3)];
    assert.equal(valueOf(addDims([x, y])), valueOf(x) + valueOf(y));
    assert.equal(valueOf(multiplyDims([x, y])), valueOf(x) * valueOf(y));
    assert.equal(valueOf(subtractDims(x, y)), valueOf(x) - valueOf(y));
    // The same size is written the same way.
    assert.equal(addDims([x, y]), addDims([y, x]));
    assert.equal(multiplyDims([x, y]), multiplyDims([y, x]));
    assert.equal(subtractDims(addDims([x, y]), y), addDims([x]));
  }
});
