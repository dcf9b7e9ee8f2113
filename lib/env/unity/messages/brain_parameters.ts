/** `BrainParametersProto`: a behavior's name and the actions that it takes. */
import type { ActionSpec } from "../../../spec.ts";
import { type Reader, readInt32s, readNested } from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";
import { ActionSpecTag, BrainParameters, SpaceType } from "./tags.ts";

export interface BehaviorDescription {
  /** The full name, with the team. */
  readonly name: string;
  readonly actionSpec: ActionSpec;
}

/** Reads the message, in its present or its legacy form. */
export function readBrainParameters(reader: Reader): BehaviorDescription {
  let name = "";
  let actionSpec: ActionSpec = { continuousSize: 0, discreteBranches: [] };
  let legacyType: number = SpaceType.discrete;
  const legacySize: number[] = [];
  readNested(reader, (tag) => {
    if (readInt32s(reader, tag, BrainParameters.legacyActionSize, legacySize)) {
      return;
    }
    switch (tag) {
      case BrainParameters.name:
        name = reader.string();
        break;
      case BrainParameters.legacySpaceType:
        legacyType = reader.int32();
        break;
      case BrainParameters.actionSpec:
        actionSpec = readActionSpec(reader);
        break;
      default:
        return false;
    }
  });
  const { continuousSize, discreteBranches } = actionSpec;
  if (continuousSize === 0 && discreteBranches.length === 0) {
    actionSpec = legacyType === SpaceType.continuous
      ? { continuousSize: legacySize[0] ?? 0, discreteBranches: [] }
      : { continuousSize: 0, discreteBranches: legacySize };
  }
  return { name, actionSpec };
}

function readActionSpec(reader: Reader): ActionSpec {
  let continuousSize = 0;
  const discreteBranches: number[] = [];
  readNested(reader, (tag) => {
    if (readInt32s(reader, tag, ActionSpecTag.branchSizes, discreteBranches)) {
      return;
    }
    if (tag !== ActionSpecTag.continuousSize) return false;
    continuousSize = reader.int32();
  });
  return { continuousSize, discreteBranches };
}

/**
 * Where a behavior's actions are described: in the field that communication
 * version 1.3 brought, in the older ones, or in both. The older ones hold
 * continuous or discrete actions, not both.
 */
export type SpecFields = "present" | "legacy" | "both";

/** Writes the message as a field `tag` of another one. */
export function writeBrainParameters(
  writer: MessageWriter,
  tag: number,
  { name, actionSpec }: BehaviorDescription,
  fields: SpecFields = "present",
): void {
  const { continuousSize, discreteBranches } = actionSpec;
  const message = writer.open(tag);
  if (fields !== "present") {
    const continuous = discreteBranches.length === 0;
    writer.int32s(
      BrainParameters.legacyActionSize,
      continuous ? [continuousSize] : discreteBranches,
    );
    writer.int32(
      BrainParameters.legacySpaceType,
      continuous ? SpaceType.continuous : SpaceType.discrete,
    );
  }
  writer.string(BrainParameters.name, name);
  writer.bool(BrainParameters.isTraining, true);
  if (fields !== "legacy") {
    const spec = writer.open(BrainParameters.actionSpec);
    writer.int32(ActionSpecTag.continuousSize, continuousSize);
    writer.int32(ActionSpecTag.branchCount, discreteBranches.length);
    writer.int32s(ActionSpecTag.branchSizes, discreteBranches);
    writer.close(spec);
  }
  writer.close(message);
}
