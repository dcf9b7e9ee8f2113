import { ObservationError } from "../observation_error.ts";

/** An image that is not what its sensor has announced. */
export class ImageError extends ObservationError {
  constructor(found: string, allowed: string) {
    super({ what: "the image cannot be used", found, allowed });
    this.name = "ImageError";
  }
}
