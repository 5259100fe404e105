// SPDX-License-Identifier: MIT
/** The doctor's document for people: aligned, what is missing easy to find, and the one command that mends it last. */

import { plainText } from '../../report/plain-text.ts';
import { ansiPaint, noPaint } from '../../report/verdict-lines.ts';
import { type Check, checkGroups, type DoctorDocument } from './document.ts';

export function doctorText(document: DoctorDocument, colour: boolean): string {
  const { tool, os, root, checks, purposes, install } = document;
  const commit = tool.commit === null ? '' : ` (${tool.commit.slice(0, 12)})`;
  const lines = [`keystorm ${tool.version}${commit} on ${os}, ${root ? 'as root' : 'as an ordinary user'}`];
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const group of checkGroups) {
    lines.push('', group);
    for (const check of checks.filter((each) => each.group === group)) lines.push(...checkLines(check, width, colour));
  }
  lines.push('', 'What can be done here');
  for (const { command, possible, lacks } of purposes) {
    const lacking = possible ? '' : `: needs ${lacks.join(', ')}`;
    lines.push(`  ${paint(possible ? 'yes' : 'no', possible ? 'ok' : 'missing', colour, 8)}${command}${lacking}`);
  }
  if (install !== null) lines.push('', `Missing packages are installed by: ${install.command}`);
  return lines.join('\n');
}

function checkLines({ name, status, found, remedy }: Check, width: number, colour: boolean): string[] {
  const line = `  ${paint(status, status, colour, 8)}${name.padEnd(width)}  ${plainText(found)}`;
  return remedy === null ? [line] : [line, `${' '.repeat(width + 12)}→ ${plainText(remedy)}`];
}

/** Padded before it is coloured: escape sequences take no room. */
function paint(word: string, status: Check['status'], colour: boolean, width: number): string {
  const verdict = ({ ok: 'pass', missing: 'fail', note: 'unknown', unknown: 'unknown' } as const)[status];
  return (colour ? ansiPaint : noPaint)(verdict, word.padEnd(width));
}
