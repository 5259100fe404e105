// SPDX-License-Identifier: MIT
/** What the tasks work on: a stored run, read once. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from '../../../results/frames.ts';
import { runFiles } from '../../../results/manifest.ts';
import { readRun, type StoredRun } from '../../../results/run-reader.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { judge } from '../../judge/judge.ts';
import type { Verdict } from '../../judge/verdict.ts';
import { type Metric, metricsOf } from '../../measure/metrics.ts';

export interface HarnessData {
  readonly run: StoredRun;
  readonly frames: readonly Frame[];
  /** Lines of its frames.ndjson. */
  readonly lines: readonly Buffer[];
  readonly metrics: readonly Metric[];
  readonly verdicts: readonly Verdict[];
}

/** @throws KeystormError (2) when there is no complete run with frames in `dir`. */
export function harnessData(dir: string): HarnessData {
  const run = readRun(dir);
  if (run.status !== 'complete')
    throw new KeystormError(`The run in ${dir} is ${run.status}; measure with a complete one.`);
  const frames = run.records.flatMap((record) => (record.kind === 'frame' ? [record.frame] : []));
  if (frames.length === 0) throw new KeystormError(`The run in ${dir} has no frames; measure with another one.`);
  const text = readFileSync(path.join(dir, runFiles.frames), 'utf8');
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line));
  return { run, frames, lines, metrics: metricsOf(run), verdicts: judge(run) };
}
