// SPDX-License-Identifier: MIT
/** Lines of a kernel log, from `dmesg -r` and from a serial console. */
import { stripVTControlCharacters } from 'node:util';

export interface LogLine {
  /** 0 (emergency) to 7 (debug). */
  readonly level: number;
  /** Since the guest's boot. */
  readonly seconds: number;
  readonly text: string;
}

/** On a console nothing tells how grave a line is meant. */
const unknownLevel = 7;

/** The time, and with CONFIG_PRINTK_CALLER the task or processor that spoke. */
const stamp = String.raw`\[\s*(\d+\.\d+)\](?:\[\s*[TC]\d+\])?`;
const rawLine = new RegExp(`^<(\\d+)>${stamp} ?(.*)$`);
const consoleLine = new RegExp(`^(?:<\\d+>)?${stamp} ?(.*)$`);
/** Where a line begins that was glued to half a line of another processor or program; stricter, for anything may stand before. */
const gluedStamp = /\[[ \d]{4}\d\.\d{6}\](?:\[\s*[TC]\d+\])? /g;

/** Lines of a record after its first have no stamp: they get the level and time of that. */
export function parseLog(text: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const line of text.split('\n')) {
    const stamped = rawLine.exec(line);
    const before = lines.at(-1);
    if (stamped !== null)
      lines.push({ level: Number(stamped[1]) & 7, seconds: Number(stamped[2]), text: stamped[3] ?? '' });
    else if (before !== undefined && line.trim() !== '')
      lines.push({ level: before.level, seconds: before.seconds, text: line.trim() });
  }
  return lines;
}

/**
 * The parts of a console's line: one, or more if the kernel began to speak while another line was unfinished. A part
 * without a time has the one before, `seconds` for the first.
 */
export function parseConsoleLine(line: string, seconds: number): LogLine[] {
  const plain = stripVTControlCharacters(line).replaceAll('\r', '');
  const begins = [0, ...[...plain.matchAll(gluedStamp)].map(({ index }) => index).filter((index) => index > 0)];
  let time = seconds;
  return begins.map((begin, at) => {
    const part = plain.slice(begin, begins[at + 1]);
    const stamped = consoleLine.exec(part);
    if (stamped !== null) time = Number(stamped[1]);
    return { level: unknownLevel, seconds: time, text: (stamped?.[2] ?? part).trimEnd() };
  });
}
