import assert from "node:assert/strict";
import { input } from "../../lib/tensor/build.ts";
import type { DType, Node, Shape } from "../../lib/tensor/operation.ts";

/** What one operation takes and what it refuses. */
export interface ShapeCase {
  /** Nodes with the shape and type that they must have. */
  readonly accepts: readonly (readonly [Node, Shape, DType])[];
  /** Nodes that cannot be made, with the reason given. */
  readonly rejects: readonly (readonly [() => Node, RegExp])[];
}

export const floats = (...shape: Shape) => input("floats", shape);
export const integers = (...shape: Shape) => input("integers", shape, "int32");
export const flags = (...shape: Shape) => input("flags", shape, "bool");

/** One test per operation. */
export function testShapes(cases: Readonly<Record<string, ShapeCase>>): void {
  for (const [op, { accepts, rejects }] of Object.entries(cases)) {
    Deno.test(`shapes of ${op}`, () => {
      for (const [node, shape, dtype] of accepts) {
        assert.equal(node.op, op);
        assert.deepEqual([node.shape, node.dtype], [shape, dtype]);
      }
      for (const [make, reason] of rejects) {
        const expected = { name: "TypeError", message: reason };
        assert.throws(make, expected, `${make}`);
      }
    });
  }
}
