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
  /** The line that says so, and what the kernel said with it, to be shown as it is. */
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
    const together = lines.slice(index, index + keptLines);
    const end = together.findIndex((line) => line.seconds > seconds + togetherSeconds || ends.test(line.text));
    const taken = end < 0 ? together : together.slice(0, end + 1);
    behind = index + taken.length;
    reports.push({ what, seconds, lines: taken.map((line) => line.text) });
  }
  return reports;
}

/** The last line of a stack trace or of a report. */
const ends = /^(<\/TASK>|---\[ end trace|={60,}$)/;
