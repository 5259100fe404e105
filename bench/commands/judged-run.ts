// SPDX-License-Identifier: MIT
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { judge } from '../judge/judge.ts';
import { exitCodeOf, hasFailure } from '../judge/outcome.ts';
import type { Verdict } from '../judge/verdict.ts';
import { type Metric, metricsOf } from '../measure/metrics.ts';
import { benchDocument } from '../report/bench-json.ts';
import { textReport } from '../report/text-report.ts';
import type { Output } from './output.ts';

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
  if (json) output.result(JSON.stringify(benchDocument(run, metrics, verdicts)));
  else output.result(textReport(run, metrics, verdicts, output.colour));
}
