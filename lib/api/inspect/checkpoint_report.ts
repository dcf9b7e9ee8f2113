import type { LoadedCheckpoint } from "../../store/checkpoint_file.ts";
import { formatCount } from "../../ui/format.ts";
import type { NamedArrays } from "../../util/arrays.ts";
import { countValues, networkHeading, networkRows } from "./network_rows.ts";
import {
  actionText,
  type Fact,
  listFacts,
  type Report,
  shapeText,
} from "./report.ts";

/** Networks of all algorithms, by the first part of their weights' names. */
const networks = [
  "actor",
  "critic",
  "value",
  "target",
  "q1",
  "q2",
  "temperature",
];

/** What a checkpoint of a training run holds. */
export function checkpointReport(
  path: string,
  checkpoint: LoadedCheckpoint,
): Report {
  const { behavior, step, reward, behaviors, state } = checkpoint;
  const weights = Object.fromEntries(
    Object.entries(state).filter(([name]) => {
      const [network, layer] = name.split(".");
      return networks.includes(network) && layer !== "adam";
    }),
  );
  const others = behaviors.filter((each) => each !== behavior);
  return {
    title: `${path}: a checkpoint of a training run`,
    facts: [
      ["behavior", behavior],
      ...listFacts("saved with", others),
      ["step", formatCount(step)],
      [
        "mean reward",
        reward === null ? "no episode had ended" : reward.toFixed(3),
      ],
      ...specFacts(checkpoint),
      ["parameters", networkWords(weights)],
      ...listFacts("normalizers", normalizerWords(state)),
    ],
    table: [networkHeading, ...networkRows(weights)],
  };
}

function specFacts({ spec }: LoadedCheckpoint): Fact[] {
  if (!spec) return [];
  const { continuousSize, discreteBranches } = spec.actionSpec;
  return [
    ...listFacts(
      "observations",
      spec.observationSpecs.map(({ name, shape, observationType }) =>
        [
          ...name === "" ? [] : [name],
          shapeText(shape),
          ...observationType === "goal" ? ["(goal)"] : [],
        ].join(" ")
      ),
    ),
    ["actions", actionText(continuousSize, discreteBranches)],
  ];
}

/** `35,717: actor 17,924, critic 17,793`. */
function networkWords(weights: NamedArrays): string {
  const counts = networks.flatMap((network) => {
    const own = Object.entries(weights)
      .filter(([name]) => name.startsWith(`${network}.`));
    const count = countValues(Object.fromEntries(own));
    return count > 0 ? [`${network} ${formatCount(count)}`] : [];
  });
  return `${formatCount(countValues(weights))}: ${counts.join(", ")}`;
}

function normalizerWords(state: NamedArrays): string[] {
  return Object.entries(state).flatMap(([name, { data }]) => {
    const [, sensor] = /^normalizer\.(\d+)\.count$/.exec(name) ?? [];
    return sensor === undefined
      ? []
      : [`obs_${sensor}: ${formatCount(Number(data[0]))} observations`];
  });
}
