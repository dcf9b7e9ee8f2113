/** All observations of an agent to one row of numbers (reference 1.2). */
import { UserError } from "../errors.ts";
import { observationSize, type ObservationSpec } from "../spec.ts";
import { concat, reshape } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { encodeEntities } from "./entity_encoder.ts";
import { describeSensor, observationKind } from "./observation_kind.ts";
import type { ParameterScope } from "./parameters.ts";
import { type VisualEncoderName, visualEncoders } from "./visual_encoders.ts";

/** What decides the shape of the encoders. */
export interface EncoderSettings {
  readonly observationSpecs: readonly ObservationSpec[];
  /** Size of an image's code. */
  readonly hidden_units: number;
  readonly vis_encode_type: VisualEncoderName;
  readonly goal_conditioning_type: "hyper" | "none";
}

/** What the rest of a network sees. */
export interface ObservationCode {
  /** All observations, goals too: `[batch, n]`. */
  readonly code: Node;
  /** The goals, where they condition the network: `[batch, g]`. */
  readonly goal?: Node;
}

/**
 * Encodes observations `[batch, ...]` of all sensors in order, rows as flat as
 * they like. Vectors and codes of images stand in the order of the sensors,
 * the code of all entities comes last. Empty vectors are joined in with the
 * others, so that models for Unity read every sensor.
 */
export function encodeObservations(
  scope: ParameterScope,
  observations: readonly Node[],
  settings: EncoderSettings,
): ObservationCode {
  const { observationSpecs } = settings;
  const encoded = observationSpecs.map((spec, sensor) => {
    const observation = observations[sensor];
    const shaped = reshape(observation, [observation.shape[0], ...spec.shape]);
    const kind = observationKind(spec);
    if (kind !== "visual") return { kind, node: shaped };
    const { encode } = visualEncoders[settings.vis_encode_type];
    const own = scope.at("visual").at(sensor);
    return { kind, node: encode(own, shaped, settings.hidden_units) };
  });
  const entities = encoded.filter(({ kind }) => kind === "entities")
    .map(({ node }) => node);
  const others = encoded.filter(({ kind }) => kind !== "entities")
    .map(({ node }) => node);
  const self = others.length > 0 ? concat(others, 1) : undefined;
  const parts = self ? [self] : [];
  if (entities.length > 0) {
    const saysSomething = self !== undefined && self.shape[1] !== 0;
    const agent = saysSomething ? self : undefined;
    parts.push(encodeEntities(scope.at("entities"), entities, agent));
  }
  const goals = goalSensors(settings).map((sensor) => encoded[sensor].node);
  return {
    code: concat(parts, 1),
    ...(goals.length > 0 && { goal: concat(goals, 1) }),
  };
}

/** The sensors whose observations condition the network. */
export function goalSensors(
  { observationSpecs, goal_conditioning_type }: Pick<
    EncoderSettings,
    "observationSpecs" | "goal_conditioning_type"
  >,
): number[] {
  if (goal_conditioning_type === "none") return [];
  return [...observationSpecs.entries()].filter(([, spec]) =>
    spec.observationType === "goal" && observationSize(spec) > 0 &&
    observationKind(spec) !== "entities"
  ).map(([sensor]) => sensor);
}

/**
 * Throws UserError when there are no observations, or one that no network can
 * read, or when the settings do not fit them.
 */
export function checkObservations(settings: EncoderSettings): void {
  const { observationSpecs } = settings;
  // Whether all can be read comes first: some sizes count for nothing then.
  const kinds = observationSpecs.map(observationKind);
  if (observationSpecs.every((spec) => observationSize(spec) === 0)) {
    throw new UserError({
      what: "the behavior observes nothing, so there is nothing to learn from",
      ...(observationSpecs.length > 0 && {
        found: observationSpecs.map((spec) =>
          `${describeSensor(spec)} of no values`
        ).join(", "),
      }),
      cure: "Give its agents a sensor in the game.",
    });
  }
  const problems = observationSpecs.flatMap((spec, sensor) =>
    kinds[sensor] === "visual" ? imageProblems(spec, settings) : []
  );
  if (problems.length > 0) throw new UserError(problems);
  const goals = observationSpecs.filter(({ observationType }) =>
    observationType === "goal"
  );
  const variable = goals.find((spec) => observationKind(spec) === "entities");
  if (variable && goalSensors(settings).length > 0) {
    throw new UserError({
      what: "a goal of variable length cannot condition a network beside " +
        "other goals",
      path: "network_settings.goal_conditioning_type",
      found: `hyper, and ${describeSensor(variable)} is a goal`,
      allowed: "goals of fixed length, or none",
      cure: "Write none, or let that sensor be no goal.",
    });
  }
}

/** Images that are too small for the encoder. */
function imageProblems(spec: ObservationSpec, settings: EncoderSettings) {
  const { vis_encode_type: name } = settings;
  const [, height, width] = spec.shape;
  const side = Math.min(height, width);
  const { smallestSide } = visualEncoders[name];
  if (side >= smallestSide) return [];
  const others = Object.entries(visualEncoders)
    .filter(([, encoder]) => side >= encoder.smallestSide)
    .map(([other, encoder]) => `${other} (${encoder.smallestSide} or more)`);
  return [{
    what: `the images of ${describeSensor(spec)} are too small for ${name}`,
    path: "network_settings.vis_encode_type",
    found: `[${spec.shape.join(", ")}], channels first`,
    allowed: `height and width of ${smallestSide} or more`,
    cure: `Use ${others.join(" or ")}, or larger images.`,
  }];
}
