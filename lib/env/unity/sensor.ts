import { UserError } from "../../errors.ts";
import {
  DimensionProperty,
  observationSize,
  type ObservationSpec,
} from "../../spec.ts";
import {
  channelsFirst,
  floatOrder,
  type ImageOrder,
  shapeOrder,
} from "./images/image_order.ts";
import type { AnnouncedSensor } from "./messages/announced_sensor.ts";

/** A player's sensor: what it announces, and what we make of it. */
export interface Sensor {
  /** The shape as the player states it. */
  readonly announcedShape: readonly number[];
  /** The sensor with images as `[channels, height, width]`. */
  readonly spec: ObservationSpec;
  /** Order of the values of images that come as plain numbers. */
  readonly floatOrder: ImageOrder;
}

/** What must be known of a player to understand its images. */
export interface SensorOptions {
  /** Version of the player's package, such as `3.0.0`; "" = unknown. */
  readonly packageVersion: string;
  /** The order of plain numbers in images, instead of the package's own. */
  readonly floatImageOrder?: ImageOrder;
}

/** The most values that an observation may have; 1 GiB of memory. */
const MOST_VALUES = 2 ** 28;

/**
 * Understands what a behavior's first agent says of a sensor. Throws a
 * UserError if the shape is impossible.
 */
export function makeSensor(
  behavior: string,
  { spec, pngSize }: AnnouncedSensor,
  { packageVersion, floatImageOrder }: SensorOptions,
): Sensor {
  const { shape } = spec;
  if (shape.some((size) => size < 0) || observationSize(spec) > MOST_VALUES) {
    throw new UserError({
      what: `Sensor "${spec.name}" has an impossible shape`,
      path: behavior,
      found: `[${shape.join(", ")}]`,
      allowed: `sizes from 0 on, ${MOST_VALUES} values at most`,
    });
  }
  if (shape.length !== 3) {
    return { announcedShape: shape, spec, floatOrder: "CHW" };
  }
  const order = shapeOrder(spec, packageVersion, pngSize);
  return {
    announcedShape: shape,
    spec: {
      ...spec,
      shape: channelsFirst(shape, order),
      dimensionProperties: [
        DimensionProperty.none,
        DimensionProperty.translational,
        DimensionProperty.translational,
      ],
    },
    floatOrder: floatImageOrder ?? floatOrder(order, packageVersion),
  };
}
