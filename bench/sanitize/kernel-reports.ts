// SPDX-License-Identifier: MIT
/** A guest's kernel log as `dmesg -r` prints it, and what in it is a report of a sanitizer or another complaint. */
import { complaintOf } from '../judge/kernel-log.ts';

export interface LogLine {
  /** 0 (emergency) to 7 (debug). */
  readonly level: number;
  /** Since the guest's boot. */
  readonly seconds: number;
  readonly text: string;
}

export interface KernelReport {
  /** E.g. 'lock report'. */
  readonly what: string;
  /** The line that says so. */
  readonly line: string;
  /** All that the kernel said with it, to be shown as it is. */
  readonly lines: readonly string[];
  readonly seconds: number;
}

/** Lines kept of a report: a lock report with its chains is long, and all of it counts. */
const keptLines = 60;
/** What the kernel says so much later belongs to something else. */
const togetherSeconds = 2;

/** Lines of a record after its first have no stamp: they get the level and time of that. */
export function parseLog(text: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const line of text.split('\n')) {
    const stamped = /^<(\d+)>\[\s*(\d+\.\d+)\] ?(.*)$/.exec(line);
    const before = lines.at(-1);
    if (stamped !== null)
      lines.push({ level: Number(stamped[1]) & 7, seconds: Number(stamped[2]), text: stamped[3] ?? '' });
    else if (before !== undefined && line.trim() !== '')
      lines.push({ level: before.level, seconds: before.seconds, text: line.trim() });
  }
  return lines;
}

/** Complaints in order; lines that another report has already taken along are no report of their own. */
export function reportsIn(lines: readonly LogLine[]): KernelReport[] {
  const reports: KernelReport[] = [];
  let behind = 0;
  for (const [index, { level, seconds, text }] of lines.entries()) {
    if (index < behind) continue;
    const what = complaintOf(level, text);
    if (what === null) continue;
    const begin = beginOf(lines, index, behind);
    const together = lines.slice(begin, begin + keptLines);
    const last = what === 'sanitizer report' ? sanitizersEnd : traceEnd;
    const own = index - begin + 1;
    const end = together.findIndex(
      (line, at) => at >= own && (line.seconds > seconds + togetherSeconds || last.test(line.text)),
    );
    const taken = end < 0 ? together : together.slice(0, end + 1);
    behind = Math.max(index + 1, begin + taken.length);
    reports.push({ what, seconds, line: text, lines: taken.map((line) => line.text) });
  }
  return reports;
}

/** A warning's own words stand before the line that says it is one. */
function beginOf(lines: readonly LogLine[], index: number, notBefore: number): number {
  for (let at = index; at >= Math.max(notBefore, index - wordsBefore); at--)
    if (cutHere.test(lines[at]?.text ?? '')) return at;
  return index;
}

const cutHere = /^-+\[ cut here \]-+$/;
const wordsBefore = 4;

/** The last line of a stack trace, with which most reports end. */
const traceEnd = /^(<\/TASK>|---\[ end trace)/;
/** These go on behind the trace, with who allocated and who freed. */
const sanitizersEnd = /^={60,}$/;
