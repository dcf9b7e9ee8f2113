/** `AgentActionProto`: what one agent is to do, in both directions. */
import { UserError } from "../../../errors.ts";
import type { ActionSpec } from "../../../spec.ts";
import type { ActionColumns } from "../../env.ts";
import type { NamedPart } from "./envelope.ts";
import {
  checkEnd,
  messageEnd,
  type Reader,
  readFields,
  readNested,
} from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";
import { AgentAction, AgentList, unpacked, WireType } from "./tags.ts";

const SINGLE_LEGACY = unpacked(AgentAction.legacyActions, WireType.fixed32);
const SINGLE_CONTINUOUS = unpacked(AgentAction.continuous, WireType.fixed32);
const SINGLE_DISCRETE = unpacked(AgentAction.discrete, WireType.varint);

/**
 * Adds an agent's actions to a list: `continuousSize` values and one index per
 * branch, from row `row` of `continuous` and `discrete`. Players below
 * communication version 1.3 read the legacy field only, later ones the others.
 */
export function writeAgentAction(
  writer: MessageWriter,
  { continuousSize, discreteBranches }: ActionSpec,
  continuous: Float32Array,
  discrete: Int32Array,
  row: number,
): void {
  const branches = discreteBranches.length;
  const c = row * continuousSize;
  const d = row * branches;
  const action = writer.open(AgentList.value);
  if (continuousSize + branches > 0) {
    const legacy = writer.open(AgentAction.legacyActions);
    writer.appendFloats(continuous, c, continuousSize);
    writer.appendFloats(discrete, d, branches);
    writer.close(legacy);
  }
  writer.floats(AgentAction.continuous, continuous, c, continuousSize);
  writer.int32s(AgentAction.discrete, discrete, d, branches);
  writer.close(action);
}

/**
 * Reads the actions of `count` agents of a behavior into `target`; what the
 * list holds beyond them is ignored, as Unity does. Players below communication
 * version 1.3 read the legacy field only. Throws a UserError if agents, values
 * or branches are missing.
 */
export function readAgentActions(
  reader: Reader,
  { behavior, start, end }: NamedPart,
  { continuousSize, discreteBranches }: ActionSpec,
  count: number,
  target: ActionColumns,
  fields: "present" | "legacy" = "present",
): void {
  const branches = discreteBranches.length;
  const checkCount = (kind: string, found: number, expected: number) => {
    if (found === expected) return;
    throw new UserError({
      what: `The trainer sent a wrong number of ${kind}`,
      path: behavior,
      found: String(found),
      allowed: String(expected),
    });
  };
  let row = 0;
  let continuous = 0;
  let discrete = 0;
  const addContinuous = (value: number) => {
    if (continuous < continuousSize) {
      target.continuous[row * continuousSize + continuous] = value;
    }
    continuous++;
  };
  const addDiscrete = (value: number) => {
    if (discrete < branches) {
      // Floats of the legacy field; a broken one is no index at all.
      target.discrete[row * branches + discrete] = Number.isInteger(value)
        ? value
        : -1;
    }
    discrete++;
  };
  const addLegacy = () => {
    const value = reader.float();
    if (continuous < continuousSize) addContinuous(value);
    else addDiscrete(value);
  };
  const readField = (field: number) => {
    if (fields === "legacy") {
      if (field === AgentAction.legacyActions) readPacked(reader, addLegacy);
      else if (field === SINGLE_LEGACY) addLegacy();
      else return false;
    } else if (field === AgentAction.continuous) {
      readPacked(reader, () => addContinuous(reader.float()));
    } else if (field === AgentAction.discrete) {
      readPacked(reader, () => addDiscrete(reader.int32()));
    } else if (field === SINGLE_CONTINUOUS) addContinuous(reader.float());
    else if (field === SINGLE_DISCRETE) addDiscrete(reader.int32());
    else return false;
  };
  reader.pos = start;
  readFields(reader, end, (tag) => {
    if (tag !== AgentList.value || row === count) return false;
    continuous = discrete = 0;
    readNested(reader, readField);
    checkCount("continuous actions", continuous, continuousSize);
    checkCount("discrete actions", discrete, branches);
    row++;
  });
  checkCount("agents' actions", row, count);
}

/** Calls `readValue` for each value of a packed field. */
function readPacked(reader: Reader, readValue: () => void): void {
  const end = messageEnd(reader);
  while (reader.pos < end) readValue();
  checkEnd(reader, end);
}
