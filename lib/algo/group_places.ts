/** Larger groups for a critic that has learned from smaller ones. */
import { arrayNamed, type NamedArrays } from "../util/arrays.ts";

/**
 * The critic's changed weights when a group has `to` places instead of `from`.
 * Its heads read how full a group is, r = 2 n / places - 1 of n members. The new
 * r' of the same group is smaller; with k = to / from, r = k (r' + 1) - 1, so
 * that w r + b = (k w) r' + b + w (k - 1): every group of before is judged as
 * before, while the range stays -1 to 1 (F-4).
 */
export function widenGroups(
  weights: NamedArrays,
  from: number,
  to: number,
): NamedArrays {
  const [weightName, biasName] = ["critic.value.weight", "critic.value.bias"];
  const [weight, bias] = [weightName, biasName].map((name) => {
    const { data, shape } = arrayNamed(weights, name);
    return { data: Float32Array.from(data, Number), shape };
  });
  const scale = to / from;
  const signals = bias.data.length;
  // Fullness is the heads' last input.
  const last = weight.data.subarray(weight.data.length - signals);
  for (let k = 0; k < signals; k++) {
    bias.data[k] += last[k] * (scale - 1);
    last[k] *= scale;
  }
  return { [weightName]: weight, [biasName]: bias };
}
