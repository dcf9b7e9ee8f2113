import { Picture, type PictureOptions } from "../sensors/picture.ts";

/**
 * Pictures of `count` parts side by side, in each another part lit. Channel c
 * has brightness 255 / (c + 1), so that channels can be told apart; the top row
 * is half as bright, so that up and down can be, too.
 */
export function litColumns(
  shape: Omit<PictureOptions, "pixels">,
  count: number,
): Picture[] {
  return Array.from(
    { length: count },
    (_, lit) => litColumn(shape, count, lit),
  );
}

function litColumn(
  shape: Omit<PictureOptions, "pixels">,
  count: number,
  lit: number,
): Picture {
  const { height, width, depth } = shape;
  const pixels = new Uint8Array(height * width * depth);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (Math.floor(column * count / width) !== lit) continue;
      for (let channel = 0; channel < depth; channel++) {
        const at = (row * width + column) * depth + channel;
        pixels[at] = (row === 0 ? 0.5 : 1) * 255 / (channel + 1);
      }
    }
  }
  return new Picture({ ...shape, pixels });
}
