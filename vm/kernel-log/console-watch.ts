// SPDX-License-Identifier: MIT
/** What a guest's console has revealed so far, and of what fault. */
import { complaintOf } from './complaint.ts';
import { type LogLine, parseConsoleLine } from './log-lines.ts';
import { patternOf } from './patterns.ts';
import { OpenReport, ReportCollector } from './reports.ts';
import { graver, type Sighting, sightIn } from './sighting.ts';

/** A panic that follows from a report comes at once. */
const atOnceSeconds = 10;

interface Reported extends Sighting {
  readonly report: OpenReport;
}

export class ConsoleWatch {
  readonly #collector = new ReportCollector();
  #gravest: Reported | undefined;
  #last: OpenReport | undefined;
  #seconds = 0;

  push(line: string): void {
    for (const part of parseConsoleLine(line, this.#seconds)) {
      this.#seconds = part.seconds;
      const report = this.#collector.push(part);
      const sighting = sightIn(part.text, line);
      if (sighting !== undefined) {
        const own = report !== undefined && complaintOf(part.level, part.text) !== null ? report : alone(part);
        this.#gravest = graver(this.#gravest, { ...sighting, report: this.#causeOf(own) });
      }
      this.#last = report ?? this.#last;
    }
  }

  /** The gravest so far. Its fault is told better as more lines of its report come. */
  get sighting(): Sighting | undefined {
    if (this.#gravest === undefined) return undefined;
    const { report, ...sighting } = this.#gravest;
    return { ...sighting, fault: report.fault };
  }

  #causeOf(report: OpenReport): OpenReport {
    const before = this.#last;
    if (report.pattern?.follows !== true || before === undefined) return report;
    return report.seconds - before.seconds <= atOnceSeconds ? before : report;
  }
}

/** What is no complaint has no report: its line is all there is, whatever else is being reported around it. */
function alone({ text, seconds }: LogLine): OpenReport {
  return new OpenReport('sighting', patternOf(text), seconds, [], text);
}
