/** What happened during a run, one sentence or two for each event. */
import { join } from "node:path";
import type {
  BehaviorStarted,
  CheckpointReached,
  Notice,
  RunEnded,
  RunStarted,
} from "../events.ts";
import type { ActionSpec } from "../spec.ts";
import { formatCount, formatDuration } from "./format.ts";

/** A run began. */
export function startLine(
  { runId, seed, resumed, inference, models }: RunStarted,
): string {
  if (models) return `Acting with ${models.join(", ")}, seed ${seed}.`;
  const verb = inference
    ? "shows what it has learned"
    : resumed
    ? "goes on"
    : "starts";
  return `Run "${runId}" ${verb}, seed ${seed}.`;
}

/** A behavior has a trainer now. */
export function behaviorLine(event: BehaviorStarted): string {
  const { behavior, spec, trainerType, step, maxSteps } = event;
  const observations = spec.observationSpecs.map(({ shape }) =>
    shape.join("x")
  );
  const parts = [
    trainerType,
    `${observations.join(" + ")} observations`,
    actionText(spec.actionSpec),
    ...maxSteps > 0
      ? [`step ${formatCount(step)} of ${formatCount(maxSteps)}`]
      : [],
  ];
  return `${behavior}. ${parts.join(", ")}.`;
}

function actionText({ continuousSize, discreteBranches }: ActionSpec): string {
  return [
    continuousSize > 0 &&
    `${continuousSize} continuous ${
      continuousSize === 1 ? "action" : "actions"
    }`,
    discreteBranches.length > 0 &&
    `discrete actions of ${discreteBranches.join(" x ")} choices`,
  ].filter((part) => part).join(" and ");
}

/** A checkpoint is on disk. */
export function checkpointLine(
  { behavior, step, final }: CheckpointReached,
  runFolder: string,
): string {
  return final
    ? `${behavior}. Saved step ${step}, model ${
      join(runFolder, `${behavior}.onnx`)
    }.`
    : `${behavior}. Saved step ${step} in ${join(runFolder, behavior)}.`;
}

/** A notice, after its behavior if it has one. */
export function noticeLine({ behavior, message }: Notice): string {
  return behavior === undefined ? message : `${behavior}. ${message}`;
}

/** A run is over: how far it came and how it can go on. */
export function endLine(
  { reason, elapsedSeconds, steps }: RunEnded,
  run: RunStarted,
  runFolder: string,
): string {
  const verb = { finished: "Finished", stopped: "Stopped", failed: "Failed" };
  const reached = Object.entries(steps)
    .map(([behavior, step]) => `${behavior} at step ${formatCount(step)}`)
    .join(", ");
  const time = formatDuration(elapsedSeconds);
  const head = `${verb[reason]} after ${time}${reached && `, ${reached}`}.`;
  if (run.inference) return head;
  const cure = reason === "finished"
    ? ""
    : ` To go on: the same command with --run-id=${
      quoted(run.runId)
    } --resume.`;
  return `${head} Results: ${runFolder}.${cure}`;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `"${word}"`;
}
