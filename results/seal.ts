// SPDX-License-Identifier: MIT
/**
 * A sealed JSON object carries a crc32 of its own text as its last property. It stays plain JSON for every other tool,
 * and the reader notices a single flipped byte. The checksum is over the text as it would be without that property.
 */
import { crc32Hex, crc32Of, hexOfCrc32 } from './crc32.ts';

/** The object as text: one line, or indented for files people read. It must not be empty nor have a key `crc` of its own. */
export function seal(value: Readonly<Record<string, unknown>>, indent = 0): string {
  const bare = JSON.stringify(value, null, indent);
  const end = closing(indent);
  return `${bare.slice(0, -end.length)}${sealText(crc32Hex(bare), indent)}`;
}

/** What a JSON object of that indentation ends with. */
function closing(indent: number): string {
  return indent > 0 ? '\n}' : '}';
}

function sealText(crc: string, indent: number): string {
  return indent > 0 ? `,\n${' '.repeat(indent)}"crc": "${crc}"\n}` : `,"crc":"${crc}"}`;
}

export type Unsealed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** Checks the seal and parses. Takes bytes, because broken ones need not be UTF-8. `reason` is a predicate. Never throws. */
export function unseal(bytes: Buffer, indent = 0): Unsealed {
  const length = sealText('00000000', indent).length;
  const text = bytes.toString('latin1', Math.max(0, bytes.length - length));
  const crc = /"([0-9a-f]{8})"\n?\}$/.exec(text)?.[1];
  if (crc === undefined || text !== sealText(crc, indent)) return { ok: false, reason: 'does not end in a checksum' };
  const [bare, end] = [bytes.subarray(0, bytes.length - length), closing(indent)];
  if (hexOfCrc32(crc32Of(end, crc32Of(bare))) !== crc) return { ok: false, reason: 'does not match its checksum' };
  try {
    return { ok: true, value: JSON.parse(`${bare.toString('utf8')}${end}`) };
  } catch {
    return { ok: false, reason: 'is not JSON' };
  }
}
