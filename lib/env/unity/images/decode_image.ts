/** PNG files to an image of an observation. Facts: protocol, 5.2 and 5.3. */
import { ImageError } from "./image_error.ts";
import type { ImagePlan } from "./image_plan.ts";
import { decodePng, type Png } from "./png.ts";

/** The value of each sample: 0 to 1. */
const values = Float32Array.from({ length: 256 }, (_, sample) => sample / 255);

/** The numbers in which two-byte samples are as large as others. */
const WIDE_SAMPLE = 257;

/**
 * Writes the image `[channels, height, width]`, 0 to 1, that PNG files make by
 * a plan to `target[offset ...]`. Throws an ImageError if they do not make it.
 */
export function writeImage(
  pngs: readonly Png[],
  plan: ImagePlan,
  target: Float32Array,
  offset: number,
): void {
  const decoded = pngs.reduce((sum, { channels }) => sum + channels, 0);
  const mapping = plan.mapping ?? defaultMapping(plan.channels, decoded);
  const missing = mapping.length - decoded;
  if (missing < 0) {
    throw new ImageError(
      `${decoded} channels in ${pngs.length} PNG files`,
      `${mapping.length}, as in the channel mapping`,
    );
  }
  const sources = new Int32Array(plan.channels);
  for (const channel of mapping) if (channel >= 0) sources[channel]++;
  const size = plan.width * plan.height;
  // After a reset, players up to package 4.0.0 stand in for an old frame of
  // several PNG files with a single black one: the first channels are missing.
  if (missing > 0) target.fill(0, offset, offset + plan.channels * size);
  const started = new Uint8Array(plan.channels).fill(missing > 0 ? 1 : 0);
  let next = missing;
  for (const png of pngs) {
    for (let channel = 0; channel < png.channels; channel++) {
      const to = mapping[next++];
      if (to < 0) continue;
      const at = offset + to * size;
      if (sources[to] === 1) copyChannel(png, channel, target, at);
      else {
        if (!started[to]) target.fill(0, at, at + size);
        started[to] = 1;
        addChannel(png, channel, target, at);
      }
    }
  }
  for (let channel = 0; channel < plan.channels; channel++) {
    if (sources[channel] === 1) continue;
    const at = offset + channel * size;
    const scale = 255 * sources[channel];
    for (let i = at; i < at + size; i++) target[i] /= scale;
  }
}

/**
 * Decodes the PNG files that lie end to end from `start` to `end`: as many as
 * the image needs, or all where a mapping counts them. Throws an ImageError if
 * they are damaged, of another size, or too few.
 */
export function decodePngs(
  bytes: Uint8Array,
  start: number,
  end: number,
  { channels, height, width, mapping }: ImagePlan,
): Png[] {
  const pngs: Png[] = [];
  let decoded = 0;
  for (let at = start; at < end && (mapping || decoded < channels);) {
    const png = decodePng(bytes, at, end, width, height);
    pngs.push(png);
    decoded += png.channels;
    at = png.end;
  }
  if (pngs.length === 0 || (!mapping && decoded < channels)) {
    throw new ImageError(
      `${decoded} channels in ${pngs.length} PNG files`,
      `${channels}, as the sensor's shape says`,
    );
  }
  return pngs;
}

/** Grey is the mean of the first file's channels; else surplus ones go. */
function defaultMapping(channels: number, decoded: number): Int32Array {
  return Int32Array.from(
    { length: decoded },
    (_, i) => channels === 1 ? 0 : i < channels ? i : -1,
  );
}

function copyChannel(
  png: Png,
  channel: number,
  target: Float32Array,
  start: number,
): void {
  const { rows, width, height, bytesPerSample } = png;
  if (bytesPerSample === 2) {
    target.fill(0, start, start + width * height);
    addChannel(png, channel, target, start);
    for (let i = start; i < start + width * height; i++) target[i] /= 255;
    return;
  }
  let to = start;
  for (let y = 0, at = 1 + channel; y < height; y++, at++) {
    for (let x = 0; x < width; x++, at += png.channels) {
      target[to++] = values[rows[at]];
    }
  }
}

/** Adds samples as they are, 0 to 255: their sums are exact. */
function addChannel(
  { rows, width, height, channels, bytesPerSample }: Png,
  channel: number,
  target: Float32Array,
  start: number,
): void {
  const pixelSize = channels * bytesPerSample;
  let to = start;
  let at = 1 + channel * bytesPerSample;
  for (let y = 0; y < height; y++, at++) {
    for (let x = 0; x < width; x++, at += pixelSize) {
      target[to++] += bytesPerSample === 1
        ? rows[at]
        : (rows[at] * 256 + rows[at + 1]) / WIDE_SAMPLE;
    }
  }
}
