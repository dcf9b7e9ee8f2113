/** The model for Unity that a policy becomes. */
import { actionLimit, type PolicyNetworks } from "../algo/policy_networks.ts";
import { bindParameters, parameterConstants } from "../nn/parameters.ts";
import { unityModel, unityPolicy } from "../onnx/unity_model.ts";
import type { NamedArrays } from "../util/arrays.ts";

/** Of the actor's `weights` and the normalisers' `statistics`. */
export function exportPolicy(
  networks: PolicyNetworks,
  weights: NamedArrays,
  statistics: NamedArrays,
): Uint8Array {
  const scope = bindParameters(parameterConstants(weights));
  const constants = parameterConstants(statistics);
  return unityModel(unityPolicy({
    spec: networks.settings.spec,
    version: 3,
    actionLimit,
    memorySize: networks.memorySize,
    policy: (observations, mask, remember) =>
      networks.policy(
        scope,
        networks.normalize(observations, constants),
        mask,
        remember,
      ),
  }));
}
