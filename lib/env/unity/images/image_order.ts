/** How players lay images out. Facts: protocol, 5.4. */
import { DimensionProperty, type ObservationSpec } from "../../../spec.ts";

/** Channels, rows and columns of an image, outermost first. */
export type ImageOrder = "CHW" | "HWC";

/** Width and height of a picture in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * What the three numbers of an image's announced shape mean: as its dimension
 * properties say or, where they say nothing, as players of that package mean
 * it. The size of the sensor's PNG files, where it sends such, knows better.
 */
export function shapeOrder(
  { shape, dimensionProperties }: ObservationSpec,
  packageVersion: string,
  png: ImageSize | null,
): ImageOrder {
  const order = declaredOrder(dimensionProperties) ??
    (isAtLeast(packageVersion, [3, 0, 0]) ? "CHW" : "HWC");
  const other = order === "CHW" ? "HWC" : "CHW";
  const fits = (candidate: ImageOrder) => {
    const [, height, width] = channelsFirst(shape, candidate);
    return png?.width === width && png.height === height;
  };
  return png && !fits(order) && fits(other) ? other : order;
}

/**
 * The order in memory of an image that comes as plain numbers. Packages 3.0.0
 * to 4.0.0 announce a shape with the channels first and send them last.
 */
export function floatOrder(
  order: ImageOrder,
  packageVersion: string,
): ImageOrder {
  const isMislabeled = isAtLeast(packageVersion, [3, 0, 0]) &&
    !isAtLeast(packageVersion, [4, 0, 1]);
  return isMislabeled ? "HWC" : order;
}

/** An image's shape as `[channels, height, width]`. */
export function channelsFirst(
  shape: readonly number[],
  order: ImageOrder,
): readonly number[] {
  const [first, second, third] = shape;
  return order === "CHW" ? shape : [third, first, second];
}

function declaredOrder(properties: readonly number[]): ImageOrder | null {
  const [first, second, third] = properties
    .map((bits) => (bits & DimensionProperty.translational) !== 0);
  if (!second || first === third) return null;
  return first ? "HWC" : "CHW";
}

/** False if the version is unknown; marks behind the numbers do not count. */
function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (!match) return false;
  const numbers = match.slice(1).map(Number);
  const at = numbers.findIndex((number, i) => number !== wanted[i]);
  return at < 0 || numbers[at] > wanted[at];
}
