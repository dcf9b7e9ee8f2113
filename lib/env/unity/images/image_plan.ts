/** How decoded channels become an image. Facts: protocol, 5.3. */
import { ImageError } from "./image_error.ts";

/** The place of each decoded channel in an image `[channels, height, width]`. */
export interface ImagePlan {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /**
   * The image's channel for each decoded one, -1 where it is dropped; an
   * image's channel is the mean of its sources. Null = the player sent none.
   */
  readonly mapping: Int32Array | null;
}

/**
 * The plan for a sensor of shape `[channels, height, width]` with the player's
 * channel mapping, which is empty as a rule. Throws an ImageError if the
 * mapping does not lead to these channels.
 */
export function planImage(
  [channels, height, width]: readonly number[],
  mapping: readonly number[],
): ImagePlan {
  if (mapping.length === 0) return { channels, height, width, mapping: null };
  const filled = new Set(mapping.filter((channel) => channel >= 0));
  const largest = Math.max(...filled);
  if (filled.size !== channels || largest !== channels - 1) {
    throw new ImageError(
      `channel mapping [${mapping.join(", ")}]`,
      `every number from 0 to ${channels - 1}, and -1`,
    );
  }
  const numbers = mapping.map((channel) => Math.max(channel, -1));
  return { channels, height, width, mapping: Int32Array.from(numbers) };
}
