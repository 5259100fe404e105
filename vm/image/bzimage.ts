// SPDX-License-Identifier: MIT
/** Takes the ELF kernel out of a bzImage, by the offsets of the x86 boot protocol (Documentation/arch/x86/boot.rst). */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { KeystormError } from '../failure.ts';
import type { Toolchain } from './toolchain/toolchain.ts';

const setupSectsAt = 0x1f1;
const magicAt = 0x202;
const payloadOffsetAt = 0x248;
const payloadLengthAt = 0x24c;
const sectorBytes = 512;

/** Decompressing programs by the first bytes of what they take. The kernel appends 4 bytes to the stream: its size unpacked. */
const decompressors: readonly { readonly magic: string; readonly command: readonly string[] }[] = [
  { magic: '02214c18', command: ['lz4', '--decompress', '--stdout', '--quiet'] },
  { magic: 'fd377a585a00', command: ['xz', '--decompress', '--stdout', '--single-stream'] },
  { magic: '28b52ffd', command: ['zstd', '--decompress', '--stdout', '--quiet'] },
  { magic: '1f8b08', command: ['gzip', '--decompress', '--stdout', '--quiet'] },
];

/**
 * The ELF vmlinux inside the bzImage at `file`, unpacked by a program of the toolchain, in the file's folder.
 * @throws KeystormError (3) when it is none or its packing is unknown.
 */
export async function extractVmlinux(file: string, toolchain: () => Promise<Toolchain>): Promise<Buffer> {
  const payload = compressedPayload(readFileSync(file), file);
  const found = decompressors.find((d) => payload.subarray(0, d.magic.length / 2).toString('hex') === d.magic);
  if (found === undefined)
    throw new KeystormError(`${file} is compressed in an unknown way (${payload.subarray(0, 6).toString('hex')}).`, 3);
  const bind = { from: path.dirname(file), to: '/build/boot', writable: true };
  const packed = path.join(bind.from, 'vmlinux.packed');
  await writeFile(packed, payload);
  const tools = await toolchain();
  const at = (name: string) => path.posix.join(tools.sees(bind), name);
  const command = ['sh', '-c', 'exec "$@" <"$0" >"$0.out"', at('vmlinux.packed'), ...found.command];
  await tools.run(command, { binds: [bind] });
  const vmlinux = readFileSync(`${packed}.out`);
  if (vmlinux.subarray(0, 4).toString('latin1') !== '\x7fELF')
    throw new KeystormError(`${file} does not contain an ELF kernel.`, 3);
  return vmlinux;
}

/** The compressed stream, without the appended size. */
export function compressedPayload(image: Buffer, where: string): Buffer {
  if (image.length < 0x250 || image.subarray(magicAt, magicAt + 4).toString('latin1') !== 'HdrS')
    throw new KeystormError(`${where} is not a bzImage.`, 3);
  // Zero means four, says the boot protocol.
  const setupSectors = image.readUInt8(setupSectsAt) || 4;
  const start = (setupSectors + 1) * sectorBytes + image.readUInt32LE(payloadOffsetAt);
  const length = image.readUInt32LE(payloadLengthAt);
  if (length < 8 || start + length > image.length) throw new KeystormError(`${where} is truncated.`, 3);
  return image.subarray(start, start + length - 4);
}
