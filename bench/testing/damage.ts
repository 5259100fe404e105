// SPDX-License-Identifier: MIT
/** For tests: a stored run whose files are damaged, and what must be so of it, whatever was done to them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { runFiles } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import type { ReadOps } from '../../results/read-ops.ts';
import type { RunRecord } from '../../results/records.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { judge } from '../judge/judge.ts';
import { exitCodeOf, hasFailure, overallVerdict } from '../judge/outcome.ts';
import { metricsOf } from '../measure/metrics.ts';
import { makePlan } from '../plan/make-plan.ts';
import { randomOf } from '../plan/random.ts';
import { htmlReport } from '../report/html-report.ts';
import { markdownReport } from '../report/markdown-report.ts';
import { reportData } from '../report/report-data.ts';
import { textReport } from '../report/text-report.ts';
import { shrunk } from '../simulation/tiny-plan.ts';

/** A load and a check, which a sound fake guest passes: a run in which there is something to be taken for green. */
export function smallPassingPlan(): Plan {
  const choice = { mechanisms: ['keyagent-fd'], scenarios: ['latency', 'fallbacks'], quick: true };
  return shrunk(makePlan({ ...choice, kernel: '6.1', machine: 'fake', boots: 1, seed: 7 }), randomOf(7));
}

export const fileNames = ['manifest', 'frames', 'end'] as const;
export type FileName = (typeof fileNames)[number];
export type RunBytes = Readonly<Record<FileName, Buffer>>;

/** Of the run in a folder. */
export function bytesOf(dir: string): RunBytes {
  const read = (name: FileName) => readFileSync(path.join(dir, runFiles[name]));
  return { manifest: read('manifest'), frames: read('frames'), end: read('end') };
}

/** The run that these are, or the one error that reading it may throw. */
export function readBytes(bytes: RunBytes): StoredRun | KeystormError {
  const files: ReadOps = {
    exists: () => true,
    read: (file) => bytes[fileNames.find((name) => runFiles[name] === path.basename(file)) ?? 'end'],
  };
  try {
    return readRun('/damaged/run', files);
  } catch (error) {
    if (error instanceof KeystormError && error.exitCode === 2 && !error.message.includes('\n')) return error;
    throw error;
  }
}

/** With one bit of one file flipped. */
export function flipped(bytes: RunBytes, name: FileName, at: number, bit: number): RunBytes {
  const broken = Buffer.from(bytes[name]);
  broken[at] = (broken[at] as number) ^ (1 << bit);
  return { ...bytes, [name]: broken };
}

/** How many lines end before this byte. */
export function linesBefore(bytes: Buffer, at: number): number {
  let lines = 0;
  for (let next = bytes.indexOf(0x0a); next >= 0 && next < at; next = bytes.indexOf(0x0a, next + 1)) lines++;
  return lines;
}

/** Demands of damaged runs that nothing later takes them for whole. One for each run: what was rendered once is not rendered again. */
export class NeverGreen {
  readonly #rendered = new Set<string>();
  /** How many runs that differ in what can be read of them were judged, measured and reported. */
  get rendered(): number {
    return this.#rendered.size;
  }

  constructor(readonly whole: readonly RunRecord[]) {}

  /** `count` records must be read, exactly those that were there before the damage. */
  demand(run: StoredRun | KeystormError, count: number, what: string): void {
    if (run instanceof KeystormError) throw new Error(`${what} was refused: ${run.message}`);
    const { status, problems, records } = run;
    assert.is(records.length, count, what);
    assert.is(records.at(-1)?.seq, this.whole[count - 1]?.seq, what);
    assert.is(status, 'incomplete', what);
    assert.ok(problems.length > 0 && problems.every((problem) => /^[^\n]+\.$/.test(problem)), what);
    const key = [count, ...problems].join('\n').replace(/crc32? is [0-9a-f]+/g, '');
    if (this.#rendered.has(key)) return;
    this.#rendered.add(key);
    assert.equal(records, this.whole.slice(0, count), what);
    this.#demandNotGreen(run, what);
  }

  #demandNotGreen(run: StoredRun, what: string): void {
    const [verdicts, metrics] = [judge(run), metricsOf(run)];
    assert.is.not(overallVerdict(verdicts, run.status), 'pass', what);
    assert.is.not(exitCodeOf(verdicts, run.status, hasFailure(run.records)), 0, what);
    assert.equal(verdicts.filter(({ verdict }) => verdict === 'fail').length, 0, what);
    const data = reportData(run, metrics, verdicts);
    const text = textReport(run, metrics, verdicts, false);
    assert.match(text, /status incomplete, verdict unknown/, what);
    for (const report of [text, markdownReport(data), htmlReport(data)]) {
      assert.not.match(report, /All \d+ expectations? met|status complete|verdict pass/, what);
    }
    for (const report of [markdownReport(data), htmlReport(data)]) assert.match(report, /INCOMPLETE/, what);
  }
}
