/** What the model for Unity of a policy is made of. */
import { actionLimit, type PolicyNetworks } from "../algo/policy_networks.ts";
import { bindParameters, parameterConstants } from "../nn/parameters.ts";
import type { ContractVersion } from "../onnx/model_inputs.ts";
import { type UnityPolicy, unityPolicy } from "../onnx/unity_model.ts";
import type { NamedArrays } from "../util/arrays.ts";

/** Of the actor's `weights` and the normalisers' `statistics`. */
export function exportPolicy(
  networks: PolicyNetworks,
  weights: NamedArrays,
  statistics: NamedArrays,
  version: ContractVersion,
): UnityPolicy {
  const scope = bindParameters(parameterConstants(weights));
  const constants = parameterConstants(statistics);
  return unityPolicy({
    spec: networks.settings.spec,
    version,
    actionLimit,
    memorySize: networks.memorySize,
    policy: (observations, mask, remember) =>
      networks.policy(
        scope,
        networks.normalize(observations, constants),
        mask,
        remember,
      ),
  });
}
