// SPDX-License-Identifier: MIT
/** Which lines of a kernel log belong to one report. */
import { complaintOf } from './complaint.ts';
import type { LogLine } from './log-lines.ts';
import type { Pattern } from './pattern.ts';
import { patternOf } from './patterns.ts';
import { type Fault, faultIn } from './title.ts';

export interface KernelReport extends Fault {
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
/** A warning's own words stand before the line that says it is one. */
const wordsBefore = 4;

const cutHere = /^-+\[ cut here \]-+$/;
/** The last line of a stack trace, with which most reports end. */
const traceEnd = /^\s*(<\/TASK>|---\[ end trace)/;
/** Sanitizers' go on behind the trace, with who allocated and who freed; UBSAN's end like a warning from 6.8 on. */
const ruleEnd = /^(={60,}$|---\[ end trace)/;
/** Lines of equals signs stand around reports of sanitizers, and above those of lockdep. */
const rule = /^={25,}$/;

const isDeath = (pattern: Pattern | undefined): boolean => pattern?.failure?.gravity === 'dead';

/** One report, as far as it has been told. */
export class OpenReport {
  readonly lines: string[];
  /** Index in `lines` of the one that says what it is. */
  readonly #at: number;

  constructor(
    readonly what: string,
    readonly pattern: Pattern | undefined,
    readonly seconds: number,
    before: readonly string[],
    line: string,
  ) {
    this.lines = [...before, line];
    this.#at = before.length;
  }

  get fault(): Fault {
    return faultIn(this.lines.slice(this.#at), this.pattern);
  }

  get report(): KernelReport {
    const { what, lines, seconds } = this;
    return { what, line: lines[this.#at] ?? '', lines, seconds, ...this.fault };
  }

  /** True if `line` tells of something else. */
  isOver(line: LogLine): boolean {
    if (line.seconds > this.seconds + togetherSeconds || cutHere.test(line.text)) return true;
    if (isDeath(patternOf(line.text)) && !isDeath(this.pattern)) return true;
    return rule.test(line.text) && !this.#endsWith(line.text);
  }

  /** True if it is complete with this line. */
  take(line: LogLine): boolean {
    this.lines.push(line.text);
    return this.lines.length >= keptLines || this.#endsWith(line.text);
  }

  #endsWith(text: string): boolean {
    return (this.pattern?.ends === 'rule' ? ruleEnd : traceEnd).test(text);
  }
}

/** Takes lines as they come. Lines that a report has taken along are no report of their own. */
export class ReportCollector {
  #open: OpenReport | undefined;
  /** The last lines that belong to no report. */
  #before: string[] = [];

  /** The report that `line` belongs to; more lines of it may come. */
  push(line: LogLine): OpenReport | undefined {
    if (this.#open?.isOver(line) === true) this.#open = undefined;
    if (this.#open !== undefined) return this.#continue(this.#open, line);
    const what = complaintOf(line.level, line.text);
    if (what === null) {
      this.#before = [...this.#before, line.text].slice(-wordsBefore);
      return undefined;
    }
    const pattern = patternOf(line.text);
    const report = new OpenReport(what, pattern, line.seconds, this.#ownWords(), line.text);
    this.#before = [];
    if (pattern?.ends !== 'line') this.#open = report;
    return report;
  }

  #continue(open: OpenReport, line: LogLine): OpenReport {
    if (open.take(line)) this.#open = undefined;
    return open;
  }

  #ownWords(): readonly string[] {
    const begin = this.#before.map((text) => cutHere.test(text)).lastIndexOf(true);
    return begin < 0 ? [] : this.#before.slice(begin);
  }
}

/** All reports in order. */
export function reportsIn(lines: readonly LogLine[]): KernelReport[] {
  const collector = new ReportCollector();
  const reports = new Set<OpenReport>();
  for (const line of lines) {
    const report = collector.push(line);
    if (report !== undefined) reports.add(report);
  }
  return [...reports].map(({ report }) => report);
}
