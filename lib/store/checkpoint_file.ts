import { createHash } from "node:crypto";
import { z } from "zod";
import { UserError } from "../errors.ts";
import type { CheckpointReached } from "../events.ts";
import type { BehaviorSpec } from "../spec.ts";
import type { NamedArrays } from "../util/arrays.ts";
import {
  encodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
} from "./safetensors.ts";

/** What a checkpoint says about itself, without its arrays. */
export interface CheckpointInfo {
  readonly behavior: string;
  /** Of the algorithm; older files do not tell. */
  readonly trainerType?: string;
  readonly step: number;
  /** Mean return of the episodes before it; null = none ended. */
  readonly reward: number | null;
  /** Equal for all checkpoints with the same run state. */
  readonly moment: string;
  /** All behaviors of the run at that moment. */
  readonly behaviors: readonly string[];
  /** What the behavior's agents see and do; older files do not tell. */
  readonly spec?: BehaviorSpec;
}

/** A checkpoint with its arrays. */
export interface LoadedCheckpoint extends CheckpointInfo {
  /** The file that it was read from. */
  readonly path: string;
  /** The behavior's whole state. */
  readonly state: NamedArrays;
  /** State shared by all behaviors of the run. */
  readonly runState: NamedArrays;
}

const FORMAT = "deno-agents checkpoint 1";

const specSchema: z.ZodType<BehaviorSpec> = z.object({
  observationSpecs: z.array(z.object({
    name: z.string(),
    shape: z.array(z.int().nonnegative()),
    dimensionProperties: z.array(z.int().nonnegative()),
    observationType: z.enum(["default", "goal"]),
  })),
  actionSpec: z.object({
    continuousSize: z.int().nonnegative(),
    discreteBranches: z.array(z.int().positive()),
  }),
});

const metadataSchema = z.object({
  format: z.literal(FORMAT),
  behavior: z.string(),
  trainerType: z.string().optional(),
  step: z.coerce.number().pipe(z.int().nonnegative()),
  reward: jsonText(z.number().nullable()),
  moment: z.string(),
  behaviors: jsonText(z.array(z.string())),
  spec: jsonText(specSchema).optional(),
});

/**
 * The pieces of a checkpoint file, equal for equal states: nothing in it tells
 * the time or the place. `behaviors` are all of the run at this moment.
 */
export function encodeCheckpoint(
  event: CheckpointReached,
  behaviors: readonly string[],
): Uint8Array[] {
  return encodeSafetensors({
    arrays: {
      ...withPrefix("behavior/", event.state),
      ...withPrefix("run/", event.runState),
    },
    metadata: {
      format: FORMAT,
      behavior: event.behavior,
      trainerType: event.trainerType,
      step: String(event.step),
      reward: JSON.stringify(event.reward),
      moment: digest(event.runState),
      behaviors: JSON.stringify(behaviors.toSorted()),
      spec: JSON.stringify(event.spec),
    },
  });
}

/** Reads a whole checkpoint. Throws a `UserError` that names a damaged file. */
export async function readCheckpoint(path: string): Promise<LoadedCheckpoint> {
  const { arrays, metadata } = await readSafetensors(path);
  return {
    ...parseMetadata(metadata, path),
    path,
    state: withoutPrefix("behavior/", arrays),
    runState: withoutPrefix("run/", arrays),
  };
}

/** Reads what a checkpoint says about itself and checks the file's size. */
export async function readCheckpointInfo(
  path: string,
): Promise<CheckpointInfo> {
  const { metadata } = await readSafetensorsHeader(path);
  return parseMetadata(metadata, path);
}

function parseMetadata(
  metadata: Readonly<Record<string, string>>,
  path: string,
): CheckpointInfo {
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) {
    throw new UserError({
      what: `${path} is not a checkpoint of a training run`,
      found: `metadata ${JSON.stringify(metadata)}`,
      allowed: `format "${FORMAT}"`,
      cure: "Use a file that training has written.",
    });
  }
  return parsed.data;
}

function digest(runState: NamedArrays): string {
  const hash = createHash("sha256");
  for (const piece of encodeSafetensors({ arrays: runState, metadata: {} })) {
    hash.update(piece);
  }
  return hash.digest("hex").slice(0, 16);
}

function withPrefix(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [prefix + name, array]),
  );
}

function withoutPrefix(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}

/** A value that is stored as JSON inside a text. */
function jsonText<Value>(schema: z.ZodType<Value>) {
  return z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue("no JSON");
      return z.NEVER;
    }
  }).pipe(schema);
}
