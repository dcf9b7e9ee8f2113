/** Agents' infos field by field, read without the trainer's own reader. */
import {
  AgentInfo,
  AgentList,
  FloatData,
  Observation,
} from "../../../lib/env/unity/messages/tags.ts";
import {
  Reader,
  readFields,
  readInt32s,
  readNested,
} from "../../../lib/env/unity/messages/message_reader.ts";

/** What one sensor sent. */
export interface SeenObservation {
  readonly name: string;
  readonly shape: readonly number[];
  readonly properties: readonly number[];
  /** 1 = a goal. */
  readonly type: number;
  /** Null where there are PNGs. */
  readonly values: readonly number[] | null;
  readonly pngs: Uint8Array | null;
  readonly mapping: readonly number[];
}

/** What one agent sent. */
export interface SeenInfo {
  readonly id: number;
  readonly reward: number;
  readonly done: boolean;
  readonly interrupted: boolean;
  readonly mask: readonly number[];
  readonly groupId: number;
  readonly groupReward: number;
  readonly observations: readonly SeenObservation[];
}

/** Reads a whole list, `ListAgentInfoProto`. */
export function readInfos(list: Uint8Array): SeenInfo[] {
  const reader = Reader.create(list);
  const infos: SeenInfo[] = [];
  readFields(reader, reader.len, (tag) => {
    if (tag !== AgentList.value) return false;
    infos.push(readInfo(reader));
  });
  return infos;
}

function readInfo(reader: Reader): SeenInfo {
  const mask: number[] = [];
  const observations: SeenObservation[] = [];
  const info = {
    id: 0,
    reward: 0,
    done: false,
    interrupted: false,
    mask,
    groupId: 0,
    groupReward: 0,
    observations,
  };
  readNested(reader, (tag) => {
    if (readInt32s(reader, tag, AgentInfo.actionMask, mask)) return;
    switch (tag) {
      case AgentInfo.id:
        info.id = reader.int32();
        break;
      case AgentInfo.reward:
        info.reward = reader.float();
        break;
      case AgentInfo.done:
        info.done = reader.bool();
        break;
      case AgentInfo.maxStepReached:
        info.interrupted = reader.bool();
        break;
      case AgentInfo.groupId:
        info.groupId = reader.int32();
        break;
      case AgentInfo.groupReward:
        info.groupReward = reader.float();
        break;
      case AgentInfo.observations:
        observations.push(readObservation(reader));
        break;
      default:
        return false;
    }
  });
  return info;
}

function readObservation(reader: Reader): SeenObservation {
  const shape: number[] = [];
  const properties: number[] = [];
  const mapping: number[] = [];
  let name = "";
  let type = 0;
  let values: number[] | null = null;
  let pngs: Uint8Array | null = null;
  readNested(reader, (tag) => {
    if (
      readInt32s(reader, tag, Observation.shape, shape) ||
      readInt32s(reader, tag, Observation.dimensionProperties, properties) ||
      readInt32s(reader, tag, Observation.compressedChannelMapping, mapping)
    ) return;
    switch (tag) {
      case Observation.name:
        name = reader.string();
        break;
      case Observation.observationType:
        type = reader.int32();
        break;
      case Observation.compressedData:
        pngs = reader.bytes().slice();
        break;
      case Observation.floatData:
        values = readValues(reader);
        break;
      default:
        return false;
    }
  });
  return { name, shape, properties, type, values, pngs, mapping };
}

function readValues(reader: Reader): number[] {
  const values: number[] = [];
  readNested(reader, (tag) => {
    if (tag !== FloatData.data) return false;
    const length = reader.size();
    const end = reader.pos + length;
    while (reader.pos < end) values.push(reader.float());
  });
  return values;
}
