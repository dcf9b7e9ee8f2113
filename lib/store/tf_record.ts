import { maskedCrc32c } from "../util/crc32c.ts";

/**
 * Frames one record of a TFRecord file: 8 bytes little-endian length, masked
 * CRC-32C of those, the data, masked CRC-32C of the data.
 */
export function encodeTfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(12 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}
