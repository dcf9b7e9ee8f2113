/** A file with this header text, data and stated header length. */
export function handMade(
  header: string,
  data: Uint8Array,
  length = new TextEncoder().encode(header).length,
): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
