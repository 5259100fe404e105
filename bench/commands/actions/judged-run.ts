// SPDX-License-Identifier: MIT
import { readRun, type StoredRun } from '../../../results/run-reader.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { judge } from '../../judge/judge.ts';
import { exitCodeOf, hasFailure } from '../../judge/outcome.ts';
import type { Verdict } from '../../judge/verdict.ts';
import { type Metric, metricsOf } from '../../measure/metrics.ts';
import { benchDocument } from '../../report/bench-json.ts';
import { nextSteps } from '../../report/next-step.ts';
import { plainText } from '../../report/plain-text.ts';
import { reportData } from '../../report/report-data.ts';
import { writeReportFiles } from '../../report/report-files.ts';
import { textReport } from '../../report/text-report.ts';
import { typedPath } from '../../report/typed-path.ts';
import type { Output } from '../output.ts';

/** A stored run with everything that follows from it. */
export interface JudgedRun {
  readonly run: StoredRun;
  readonly metrics: readonly Metric[];
  readonly verdicts: readonly Verdict[];
  readonly exitCode: number;
}

/** Reads and judges a run. @throws KeystormError (2) when there is none to be read. */
export function judgedRun(dir: string): JudgedRun {
  const run = readRun(dir);
  const verdicts = judge(run);
  const exitCode = exitCodeOf(verdicts, run.status, hasFailure(run.records));
  return { run, metrics: metricsOf(run), verdicts, exitCode };
}

/** The report, as a text or as the one document of `--json`. */
export function printReport({ run, metrics, verdicts }: JudgedRun, json: boolean, output: Output): void {
  if (json) {
    output.result(JSON.stringify(benchDocument(run, metrics, verdicts)));
    for (const line of nextSteps(run, verdicts)) output.progress.line(line);
  } else output.result(textReport(run, metrics, verdicts, output.colour));
}

/**
 * Writes the report's files into `dir`, and says where they are, or in one sentence why not. Returns 0, or the exit code of
 * that: the table has been printed by then, and what was recorded is untouched.
 */
export function writeReport({ run, metrics, verdicts }: JudgedRun, dir: string, output: Output): 0 | 2 | 3 | 4 {
  try {
    for (const file of writeReportFiles(reportData(run, metrics, verdicts), dir)) {
      output.progress.line(`report   ${typedPath(file)}`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof KeystormError)) throw error;
    output.progress.line(`keystorm: ${plainText(error.message)}`);
    return error.exitCode;
  }
}
