import { DimensionProperty, type ObservationSpec } from "../../../spec.ts";
import type { MessageWriter } from "../../unity/messages/message_writer.ts";
import { ObservationWriter } from "../../unity/messages/observation_writer.ts";
import type { Dialect } from "../dialect.ts";
import type { Picture } from "./picture.ts";
import type { Sensor } from "./sensor.ts";

/** What a visual sensor sees and how it sends it. */
export interface VisualSensorOptions {
  readonly name: string;
  /** Any picture of the kind that it will see. */
  readonly sample: Picture;
  /** Frames that are seen at once, the oldest first. */
  readonly stacks?: number;
  /** False = values are sent as they are. */
  readonly isCompressed?: boolean;
}

/** A camera or grid: sees one picture, or the latest ones on each other. */
export class VisualSensor implements Sensor {
  readonly spec: ObservationSpec;
  readonly #writer: ObservationWriter;
  readonly #mapping: readonly number[];
  readonly #isCompressed: boolean;
  readonly #black: Picture;
  readonly #hasShortFirstStack: boolean;
  /** The oldest first; null = not seen yet. */
  readonly #frames: (Picture | null)[];

  constructor(dialect: Dialect, options: VisualSensorOptions) {
    const { name, sample, stacks = 1, isCompressed = true } = options;
    const { channels, height, width } = sample;
    this.spec = {
      name: stacks > 1 ? `StackingSensor_size${stacks}_${name}` : name,
      shape: [channels * stacks, height, width],
      dimensionProperties: [
        DimensionProperty.none,
        DimensionProperty.translational,
        DimensionProperty.translational,
      ],
      observationType: "default",
    };
    this.#mapping = stacks > 1 ? stackMapping(channels, stacks) : [];
    this.#isCompressed = isCompressed &&
      canCompress(dialect, channels * stacks, stacks > 1);
    this.#black = sample.blackened();
    this.#hasShortFirstStack = dialect.preset.hasShortFirstStacks;
    this.#frames = new Array(stacks).fill(null);
    this.#writer = new ObservationWriter(this.spec, dialect.style);
  }

  /** Sets what the present frame shows. */
  show(picture: Picture): void {
    this.#frames[this.#frames.length - 1] = picture;
  }

  update(): void {
    this.#frames.shift();
    this.#frames.push(this.#black);
  }

  reset(): void {
    this.#frames.fill(null);
  }

  write(writer: MessageWriter): void {
    if (this.#isCompressed) {
      const files = this.#frames.flatMap((frame) => this.#filesOf(frame));
      this.#writer.writePngs(writer, files, this.#mapping);
      return;
    }
    const frames = this.#frames.map((frame) => frame ?? this.#black);
    const values = new Float32Array(frames.length * frames[0].values.length);
    frames.forEach((frame, stack) =>
      values.set(frame.values, stack * frame.values.length)
    );
    this.#writer.write(writer, values);
  }

  #filesOf(frame: Picture | null): readonly Uint8Array[] {
    if (frame) return frame.pngs;
    const { pngs } = this.#black;
    return this.#hasShortFirstStack ? pngs.slice(0, 1) : pngs;
  }
}

/**
 * Whether an image of so many channels is sent as PNGs: packages before 1.4
 * know one PNG of one frame; trainers must know several PNGs, and mappings,
 * where there are more than three channels.
 */
function canCompress(
  dialect: Dialect,
  channels: number,
  isMapped: boolean,
): boolean {
  const knows = (capability: "concatenatedPngs" | "compressedChannelMapping") =>
    dialect.preset.capabilities.includes(capability);
  if (isMapped && !knows("compressedChannelMapping")) return false;
  if (channels <= 3) return true;
  return dialect.agreesOn("concatenatedPngs") &&
    (!isMapped || dialect.agreesOn("compressedChannelMapping"));
}

/** Which channel each channel of the stack's PNGs belongs to; -1 = none. */
function stackMapping(channels: number, stacks: number): number[] {
  const frame = channels === 1
    ? [0, 0, 0]
    : Array.from({ length: channels }, (_, channel) => channel);
  while (frame.length % 3 !== 0) frame.push(-1);
  return Array.from(
    { length: stacks },
    (_, stack) =>
      frame.map((channel) => channel < 0 ? -1 : channel + channels * stack),
  ).flat();
}
