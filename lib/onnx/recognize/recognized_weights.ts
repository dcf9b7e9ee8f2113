import type { NamedArray } from "../../util/arrays.ts";
import type { Floats, Linear } from "./pattern_reader.ts";
import { Unrecognized } from "./pattern_reader.ts";

/** Weights that were found, by the names that our networks give them. */
export class RecognizedWeights {
  readonly arrays: Record<string, NamedArray<Float32Array>> = {};

  add(name: string, { data, dims }: Floats): void {
    this.arrays[name] = { data, shape: dims };
  }

  addVector(name: string, data: Float32Array): void {
    this.add(name, { data, dims: [data.length] });
  }

  /** Weight and bias of a dense layer. */
  addLinear(name: string, { weight, bias }: Linear): void {
    if (!bias) throw new Unrecognized("a dense layer without a bias");
    this.add(`${name}.weight`, weight);
    this.addVector(`${name}.bias`, bias);
  }
}
