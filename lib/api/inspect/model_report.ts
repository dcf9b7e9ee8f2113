import { UserError } from "../../errors.ts";
import type { ReadUnityModel } from "../../onnx/read_unity_model.ts";
import {
  type RecognizedPolicy,
  recognizePolicy,
} from "../../onnx/recognize/recognize_policy.ts";
import { describePolicy } from "../../train/import_policy.ts";
import { formatCount } from "../../ui/format.ts";
import { networkHeading, networkRows } from "./network_rows.ts";
import { actionText, listFacts, type Report, shapeText } from "./report.ts";

const packages = {
  2: "for Unity's package 1.x",
  3: "for Unity's package 2.x and 3.x",
} as const;

/** What a model for Unity is, and which network is in it. */
export function modelReport(model: ReadUnityModel): Report {
  const { version, continuous, discrete, memorySize } = model;
  const network = recognized(model);
  const deterministic = [
    ...continuous.deterministic === null ? [] : ["continuous"],
    ...discrete.deterministic === null ? [] : ["discrete"],
  ];
  return {
    title: `${model.path}: a model for Unity`,
    facts: [
      ["contract", `version ${version}, ${packages[version]}`],
      ["written by", `${model.producer}, operator set ${model.operatorSet}`],
      ...listFacts(
        "observations",
        model.observations.map(({ name, shape }) =>
          `${name} ${shapeText(shape)}`
        ),
      ),
      [
        "actions",
        actionText(
          model.continuousSize,
          model.discreteBranches,
          model.branchTotal,
        ),
      ],
      ["deterministic", deterministic.join(" and ") || "none"],
      ["memory", memorySize > 0 ? `${memorySize} values` : "none"],
      ["parameters", formatCount(model.parameterCount)],
      [
        "network",
        typeof network === "string"
          ? `not known: ${network}; it can act, with --inference --model`
          : describePolicy(network),
      ],
    ],
    table: typeof network === "string"
      ? []
      : [networkHeading, ...networkRows(network.weights)],
  };
}

/** The policy, or what was found in its place. */
function recognized(model: ReadUnityModel): RecognizedPolicy | string {
  try {
    return recognizePolicy(model);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems[0].found ?? "";
  }
}
