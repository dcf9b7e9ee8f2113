/** Where the first weights of a behavior come from. */
import type { EventSink } from "../events.ts";
import { readUnityModel } from "../onnx/read_unity_model.ts";
import {
  initializeFrom,
  type InitialSource,
} from "../store/initialize_from.ts";
import { requireSameActions } from "../train/compare_models.ts";
import { type ImportOptions, importPolicy } from "../train/import_policy.ts";
import { makeModelHere } from "../train/model_maker.ts";
import { namedError } from "../train/named_problem.ts";
import type { Trainer } from "../train/trainer.ts";
import { loadModel } from "./load_model.ts";
import { requireSameTrainer } from "./require_same_trainer.ts";

/**
 * Starts a trainer from a checkpoint, or from the policy in a model for Unity.
 * Throws UserError when it is missing or does not fit; the trainer is of no use
 * then.
 */
export async function initializeTrainer(
  trainer: Trainer,
  source: InitialSource,
  settings: ImportOptions["settings"],
  emit: EventSink,
): Promise<void> {
  const initial = await initializeFrom(source);
  if (initial.kind === "checkpoint") {
    const { behavior, trainerType } = trainer;
    requireSameTrainer(initial.checkpoint, behavior, trainerType);
    try {
      trainer.initialize(initial.checkpoint.state);
    } catch (error) {
      throw namedError(behavior, error);
    }
    return;
  }
  const { behavior, spec } = trainer;
  const model = await loadModel(initial.path);
  const isSquashed = trainer.trainerType === "sac";
  const options = { behavior, spec, settings, isSquashed };
  const { state, description } = importPolicy(model, options);
  // What a model does not hold stays as it was drawn.
  trainer.initialize({ ...trainer.snapshot(), ...state });
  const exported = await trainer.exportModel(makeModelHere);
  const own = readUnityModel(exported, "this run's model");
  requireSameActions(model, own, behavior, spec);
  await emit({
    type: "notice",
    level: "info",
    behavior,
    message: `Starts from the policy of ${model.path}: ${description}. ` +
      "The critic, the optimizer and the steps are not in it and start anew.",
  });
}
