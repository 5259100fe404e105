// SPDX-License-Identifier: MIT
/** In which function something happened, from the lines of a report. */
import { isMachinery } from './machinery.ts';
import type { Place } from './pattern.ts';

const rip = /^\s*RIP: 0010:(?<f>[A-Za-z_][\w.]*)\+0x/;
const atLock = /, at: (?<f>[A-Za-z_][\w.]*)\+0x|^\[<[0-9a-f]+>\] (?<g>[A-Za-z_][\w.]*)\+0x/;
/** A frame with a question mark before it only happened to lie on the stack. */
const frame = /^\s*(?:\[<[0-9a-f]+>\] )?(?<f>[A-Za-z_][\w.]*)\+0x[0-9a-f]+\/0x[0-9a-f]+/;
const traceBegin = /^\s*call trace:/i;

/**
 * The first function in the order of `places` that does not belong to what reports; else the first at all. `named`: the one in
 * the line itself. `lines`: from that line on.
 */
export function functionIn(
  lines: readonly string[],
  places: readonly Place[],
  named: string | undefined,
): string | undefined {
  const candidates = places.flatMap((place) => namesAt(place, lines, named)).map(plainName);
  return candidates.find((name) => !isMachinery(name)) ?? candidates[0];
}

function namesAt(place: Place, lines: readonly string[], named: string | undefined): string[] {
  switch (place) {
    case 'line':
      return named === undefined ? [] : [named];
    case 'rip':
      return matching(lines, rip);
    case 'lock':
      return matching(lines, atLock).slice(0, 1);
    case 'trace':
      return matching(lines.slice(lines.findIndex((line) => traceBegin.test(line)) + 1 || lines.length), frame);
  }
}

function matching(lines: readonly string[], pattern: RegExp): string[] {
  return lines.flatMap((line) => {
    const groups = pattern.exec(line)?.groups;
    const name = groups?.f ?? groups?.g;
    return name === undefined ? [] : [name];
  });
}

/** Without what a compiler appends to parts of a function, and what the linker puts before one. */
export function plainName(name: string): string {
  return name.replace(/^__pfx_/, '').replace(/(?<=.)\..*$/, '');
}
