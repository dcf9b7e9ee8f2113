/** Reads `AgentInfoProto`: what one agent saw and got. */
import { checkEnd, messageEnd, type Reader } from "./message_reader.ts";
import { AgentInfo, unpacked, WireType } from "./tags.ts";

const SINGLE_MASK_VALUE = unpacked(AgentInfo.actionMask, WireType.varint);

/**
 * Reads agents' infos one after the other into its own properties, so that no
 * object is made per agent. Observations and mask are only found, not copied.
 */
export class AgentInfoReader {
  agentId = 0;
  reward = 0;
  done = false;
  interrupted = false;
  groupId = 0;
  groupReward = 0;
  /** Number of observations. */
  observationCount = 0;
  /** Where each `ObservationProto`, its length first, starts; none but the
   * expected ones are kept. */
  readonly observationStarts: Int32Array;
  /** Number of mask values; 0 = nothing is forbidden. */
  maskLength = 0;
  /** 1 = this action is forbidden; `maskLength` values are valid. */
  readonly mask: Uint8Array;

  /** For agents with at most `sensors` observations and `maskSize` choices. */
  constructor(sensors: number, maskSize: number) {
    this.observationStarts = new Int32Array(sensors);
    this.mask = new Uint8Array(maskSize);
  }

  /** Reads the info whose length the reader is at. */
  read(reader: Reader): void {
    this.agentId =
      this.reward =
      this.groupId =
      this.groupReward =
        0;
    this.done = this.interrupted = false;
    this.observationCount = this.maskLength = 0;
    const end = messageEnd(reader);
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case AgentInfo.reward:
          this.reward = reader.float();
          break;
        case AgentInfo.done:
          this.done = reader.bool();
          break;
        case AgentInfo.maxStepReached:
          this.interrupted = reader.bool();
          break;
        case AgentInfo.id:
          this.agentId = reader.int32();
          break;
        case AgentInfo.groupId:
          this.groupId = reader.int32();
          break;
        case AgentInfo.groupReward:
          this.groupReward = reader.float();
          break;
        case AgentInfo.observations:
          this.observationStarts[this.observationCount++] = reader.pos;
          reader.skip(reader.size());
          break;
        case AgentInfo.actionMask: {
          const stop = messageEnd(reader);
          while (reader.pos < stop) this.#addMaskValue(reader);
          checkEnd(reader, stop);
          break;
        }
        case SINGLE_MASK_VALUE:
          this.#addMaskValue(reader);
          break;
        default:
          reader.skipType(tag & 7);
      }
    }
    checkEnd(reader, end);
  }

  #addMaskValue(reader: Reader): void {
    this.mask[this.maskLength++] = reader.bool() ? 1 : 0;
  }
}
