/**
 * Unity's `communicator_objects` messages as far as we use them: the tag of
 * each field (field number and wire type in one number, as on the wire).
 * Repeated numbers are listed in their packed form.
 */

/** The one gRPC method: players call it, trainers answer. */
export const EXCHANGE_PATH =
  "/communicator_objects.UnityToExternalProto/Exchange";

/** How a field's value is laid out on the wire. */
export const WireType = { varint: 0, fixed32: 5, delimited: 2 } as const;

const number = (field: number) => (field << 3) | WireType.varint;
const float = (field: number) => (field << 3) | WireType.fixed32;
const delimited = (field: number) => (field << 3) | WireType.delimited;

/** The tag that the single, unpacked elements of a repeated field carry. */
export function unpacked(tag: number, wireType: number): number {
  return (tag & ~7) | wireType;
}

/** The outermost message of both directions. */
export const UnityMessage = {
  header: delimited(1),
  unityOutput: delimited(2),
  unityInput: delimited(3),
} as const;

export const Header = { status: number(1) } as const;

/** Player to trainer. */
export const UnityOutput = {
  rlOutput: delimited(1),
  initialization: delimited(2),
} as const;

/** Trainer to player. */
export const UnityInput = {
  rlInput: delimited(1),
  initialization: delimited(2),
} as const;

export const InitializationOutput = {
  name: delimited(1),
  communicationVersion: delimited(2),
  brainParameters: delimited(5),
  packageVersion: delimited(7),
  capabilities: delimited(8),
} as const;

export const InitializationInput = {
  seed: number(1),
  communicationVersion: delimited(2),
  packageVersion: delimited(3),
  capabilities: delimited(4),
  numAreas: number(5),
} as const;

export const Capabilities = {
  base: number(1),
  concatenatedPngs: number(2),
  compressedChannelMapping: number(3),
  hybridActions: number(4),
  trainingAnalytics: number(5),
  variableLengthObservations: number(6),
  multiAgentGroups: number(7),
} as const;

/** Something that a player or a trainer says it can do. */
export type Capability = keyof typeof Capabilities;

export const BrainParameters = {
  legacyActionSize: delimited(3),
  legacySpaceType: number(6),
  name: delimited(7),
  isTraining: number(8),
  actionSpec: delimited(9),
} as const;

export const ActionSpecTag = {
  continuousSize: number(1),
  branchCount: number(2),
  branchSizes: delimited(3),
} as const;

export const RlOutput = {
  agentInfos: delimited(2),
  sideChannel: delimited(3),
} as const;

export const RlInput = {
  agentActions: delimited(1),
  command: number(4),
  sideChannel: delimited(5),
} as const;

/** An entry of a map from behavior name to a list. */
export const MapEntry = { key: delimited(1), value: delimited(2) } as const;

/** `ListAgentInfoProto` and `ListAgentActionProto`. */
export const AgentList = { value: delimited(1) } as const;

export const AgentInfo = {
  reward: float(7),
  done: number(8),
  maxStepReached: number(9),
  id: number(10),
  actionMask: delimited(11),
  observations: delimited(13),
  groupId: number(14),
  groupReward: float(15),
} as const;

export const Observation = {
  shape: delimited(1),
  compressionType: number(2),
  compressedData: delimited(3),
  floatData: delimited(4),
  compressedChannelMapping: delimited(5),
  dimensionProperties: delimited(6),
  observationType: number(7),
  name: delimited(8),
} as const;

export const FloatData = { data: delimited(1) } as const;

export const AgentAction = {
  legacyActions: delimited(1),
  continuous: delimited(6),
  discrete: delimited(7),
} as const;

/** `CommandProto`. */
export const Command = { step: 0, reset: 1, quit: 2 } as const;

/** `SpaceTypeProto`. */
export const SpaceType = { discrete: 0, continuous: 1 } as const;

/** `CompressionTypeProto`. */
export const CompressionType = { none: 0, png: 1 } as const;

/** `ObservationTypeProto`. */
export const ObservationKind = { default: 0, goal: 1 } as const;

/** `Header.status`: go on, or the sender is closing. */
export const Status = { ok: 200, closing: 400 } as const;
