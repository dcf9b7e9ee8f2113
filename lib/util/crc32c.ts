/** CRC-32C (Castagnoli, reflected polynomial 0x82f63b78; RFC 3720 B.4). */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1
      ? (remainder >>> 1) ^ 0x82f63b78
      : remainder >>> 1;
  }
  return remainder;
});

/** The checksum of `bytes` as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array): number {
  let checksum = 0xffffffff;
  for (const byte of bytes) {
    checksum = TABLE[(checksum ^ byte) & 0xff] ^ (checksum >>> 8);
  }
  return (checksum ^ 0xffffffff) >>> 0;
}

/**
 * The checksum rotated by 15 bits and shifted by a constant, as TFRecord files
 * store it, so that a checksum of data with checksums in it stays strong.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const checksum = crc32c(bytes);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}
