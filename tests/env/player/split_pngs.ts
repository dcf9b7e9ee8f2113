const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** PNG files that stand end to end, each found by its signature. */
export function splitPngs(bytes: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  for (let at = 0; at + signature.length <= bytes.length; at++) {
    if (signature.every((byte, i) => bytes[at + i] === byte)) starts.push(at);
  }
  return starts.map((start, i) => bytes.subarray(start, starts[i + 1]));
}
