import assert from "node:assert/strict";
import { cast, multiply, sum } from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { assertClose } from "./closeness.ts";
import type { Sampler } from "./sampler.ts";

/** A scalar that depends on every element of `x` in another way. */
export function weigh(sampler: Sampler, x: Node): Node {
  const weights = sampler.floats(x.shape, 0.5, 1.5);
  return sum(multiply(cast(x, "float32"), weights));
}

/** Compares gradients with central differences in double precision. */
export function checkGradients(
  sampler: Sampler,
  loss: Node,
  what: string,
): void {
  const step = 1e-5;
  const { inputs, feeds } = sampler;
  const parameters = inputs.filter(({ dtype }) => dtype === "float32");
  const gradients = gradient(loss, parameters);
  const outputs = Object.fromEntries(
    gradients.map((node, i) => [`d/${parameters[i].attributes.name}`, node]),
  );
  const slopes = interpret(
    makeProgram("gradients", inputs, outputs),
    feeds,
    "float64",
  );
  const program = makeProgram("loss", inputs, { loss });
  for (const parameter of parameters) {
    const { name } = parameter.attributes;
    const { data, shape } = feeds[name];
    const slope = slopes[`d/${name}`];
    assert.deepEqual(slope.shape, shape);
    const differences = Array.from(data, (_, i) => {
      const at = (offset: number) => {
        const moved = Float64Array.from(data);
        moved[i] += offset;
        const changed = { ...feeds, [name]: { data: moved, shape } };
        return interpret(program, changed, "float64").loss.data[0];
      };
      return (at(step) - at(-step)) / (2 * step);
    });
    assertClose(slope.data, differences, 1e-6, `${what}, d/d${name}`);
  }
}
