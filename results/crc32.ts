// SPDX-License-Identifier: MIT
/** IEEE 802.3 (zlib's) crc32. Node has it built in only from 20.15 on; this also runs on 20.11. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** The checksum of bytes (a string's are its UTF-8), as 8 lower-case hex digits. */
export function crc32Hex(data: Uint8Array | string): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  let c = 0xffffffff;
  for (const byte of bytes) c = (c >>> 8) ^ (table[(c ^ byte) & 0xff] as number);
  return ((c ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
