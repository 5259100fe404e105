// SPDX-License-Identifier: MIT
/** IEEE 802.3 (zlib's) crc32. */
import * as zlib from 'node:zlib';

type Crc32 = (data: Uint8Array | string, before?: number) => number;

/** Node's own, many times as fast, is there from 20.15 on; keystorm also runs on 20.11. */
const crc32: Crc32 = (zlib as { readonly crc32?: Crc32 }).crc32 ?? tableCrc32;

/** The checksum of bytes (a string's are its UTF-8) that follow those whose checksum is `before`, as a number. */
export function crc32Of(data: Uint8Array | string, before = 0): number {
  return crc32(data, before);
}

/** Likewise of all there is, as 8 lower-case hex digits. */
export function crc32Hex(data: Uint8Array | string): string {
  return hexOfCrc32(crc32(data));
}

export function hexOfCrc32(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** What `crc32Of` does where Node has none. */
export function tableCrc32(data: Uint8Array | string, before = 0): number {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  let c = before ^ 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = (c >>> 8) ^ (table[(c ^ (bytes[i] as number)) & 0xff] as number);
  return (c ^ 0xffffffff) >>> 0;
}
