// SPDX-License-Identifier: MIT
/**
 * Decodes LZ4's legacy frame, in which Debian's cloud kernels are packed. Here rather than by a program, because a fresh
 * host has none for it. Format: lz4_Frame_format.md and lz4_Block_format.md of the LZ4 project.
 */

export const legacyMagic = '02214c18';
const blockBytes = 8 * 1024 * 1024;

/** The contents of a legacy frame. Throws a RangeError on malformed input. */
export function decodeLegacyFrame(frame: Buffer): Buffer {
  if (frame.subarray(0, 4).toString('hex') !== legacyMagic) throw new RangeError('not an LZ4 legacy frame');
  const blocks: Buffer[] = [];
  for (let at = 4; at + 4 <= frame.length; ) {
    const length = frame.readUInt32LE(at);
    at += 4;
    if (at + length > frame.length) throw new RangeError('LZ4 block reaches beyond its frame');
    blocks.push(decodeBlock(frame.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(blocks);
}

function decodeBlock(input: Buffer): Buffer {
  const output = Buffer.allocUnsafe(blockBytes);
  let from = 0;
  let to = 0;
  /** A length's first 4 bits are in the token; 15 means that bytes follow, up to the first that is not 255. */
  const extend = (nibble: number): number => {
    let length = nibble;
    if (nibble !== 15) return length;
    for (let byte = 255; byte === 255; ) {
      byte = input.readUInt8(from++);
      length += byte;
    }
    return length;
  };
  while (from < input.length) {
    const token = input.readUInt8(from++);
    const literals = extend(token >> 4);
    if (from + literals > input.length || to + literals > blockBytes) throw new RangeError('LZ4 literals out of range');
    input.copy(output, to, from, from + literals);
    from += literals;
    to += literals;
    // The last sequence of a block is literals alone.
    if (from >= input.length) break;
    const offset = input.readUInt16LE(from);
    from += 2;
    const length = extend(token & 15) + 4;
    if (offset === 0 || offset > to || to + length > blockBytes) throw new RangeError('LZ4 match out of range');
    // Byte by byte where the match overlaps what it writes: that is how a run is encoded.
    if (offset >= length) output.copyWithin(to, to - offset, to - offset + length);
    else for (let i = 0; i < length; i++) output[to + i] = output[to + i - offset] as number;
    to += length;
  }
  return Buffer.from(output.subarray(0, to));
}
