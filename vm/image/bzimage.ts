// SPDX-License-Identifier: MIT
/** Takes the ELF kernel out of a bzImage, by the offsets of the x86 boot protocol (Documentation/arch/x86/boot.rst). */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { KeystormError } from '../failure.ts';

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

/** The ELF vmlinux inside the bzImage at `file`. KeystormError (exit 3) when it is none or its packing is unknown. */
export async function extractVmlinux(file: string): Promise<Buffer> {
  const payload = compressedPayload(readFileSync(file), file);
  const vmlinux = await decompress(payload, file);
  if (vmlinux.subarray(0, 4).toString('latin1') !== '\x7fELF')
    throw new KeystormError(`${file} does not contain an ELF kernel.`, 3);
  return vmlinux;
}

async function decompress(payload: Buffer, file: string): Promise<Buffer> {
  const found = decompressors.find((d) => payload.subarray(0, d.magic.length / 2).toString('hex') === d.magic);
  if (found === undefined)
    throw new KeystormError(`${file} is compressed in an unknown way (${payload.subarray(0, 6).toString('hex')}).`, 3);
  return await pipeThrough(found.command, payload);
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

function pipeThrough(command: readonly string[], input: Buffer): Promise<Buffer> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    // It may stop reading at the stream's end; what counts is its output.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => reject(new KeystormError(`Cannot run ${program}: ${error.message}.`, 3)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new KeystormError(`${program} could not decompress the kernel: ${said.trim()}`, 3));
    });
    child.stdin.end(input);
  });
}
