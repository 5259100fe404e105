// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { StoredRun } from '../../results/run-reader.ts';
import { aCell, aFaultCell, aPlan } from '../../results/testing/plans.ts';
import { aDescription, aRun, type Doctoring } from '../../results/testing/runs.ts';
import { judge } from '../judge/judge.ts';
import { metricsOf } from '../measure/metrics.ts';
import { suite } from '../testing/suite.ts';
import { benchDocument, benchDocumentSchema } from './bench-json.ts';
import { htmlReport } from './html-report.ts';
import { markdownReport } from './markdown-report.ts';
import { reportData } from './report-data.ts';
import { words } from './testing/document.ts';
import { textReport } from './text-report.ts';

const test = suite('reports of guests that count instructions', { timeoutMs: 20_000 });

/** The same run, by either clock. */
function runBy(clock: 'wall' | 'icount', doctoring: Doctoring = {}): StoredRun {
  const run = aRun({ ...aPlan([aCell({ id: 'c9' }), aFaultCell()], 2), machine: 'qemu', clock }, doctoring);
  const description = { ...aDescription, machine: 'qemu', accelerator: 'tcg', clock } as const;
  const records = run.records.map((record) => (record.kind === 'boot-start' ? { ...record, description } : record));
  return { ...run, records };
}

const judged = (run: StoredRun) => [run, metricsOf(run), judge(run)] as const;
const textOf = (run: StoredRun) => textReport(...judged(run));
/** What a duration on a wall clock looks like. */
const time = /\d (?:ns|µs|ms|s)\b/;

test('no figure looks like a time, in the table and in the text for a posting', () => {
  const [counted, timed] = [runBy('icount'), runBy('wall')];
  for (const report of [textOf, (run: StoredRun) => markdownReport(reportData(...judged(run)))]) {
    assert.match(report(timed), time);
    assert.not.match(report(counted).replaceAll(/repeat .*/g, ''), time);
    assert.match(report(counted), /\d (?:[kMG] )?vns\b/);
    assert.match(report(counted), /1 vns is one instruction/);
    assert.not.match(report(timed), 'vns');
  }
});

test('on the page the host alone has times', () => {
  const page = words(htmlReport(reportData(...judged(runBy('icount')))));
  assert.match(page, 'COUNTED, NOT TIMED');
  assert.match(page, /upcalls of the container \[qemu, TCG, instructions counted: no times\]/);
  assert.match(page, /\d (?:[kMG] )?vns\b/);
});

test('the hash of the samples is in all of them, and in no report of what was timed', () => {
  const run = runBy('icount');
  const { sampleHashes } = benchDocumentSchema.parse(benchDocument(...judged(run)));
  assert.match(String(sampleHashes?.all), /^[0-9a-f]{64}$/);
  assert.is(sampleHashes?.boots.length, 2);
  assert.match(textOf(run), `samples sha256 ${sampleHashes?.all}`);
  assert.match(words(htmlReport(reportData(...judged(run)))), String(sampleHashes?.all));
  assert.is(benchDocument(...judged(runBy('wall'))).sampleHashes, undefined);
  assert.not.match(textOf(runBy('wall')), 'sha256');
});

test('a run of which a boot broke has no hash, and says so', () => {
  const broken = runBy('icount', { panicBefore: (frame, boot) => boot === 1 && frame.t === 'window' });
  assert.match(textOf(broken), 'samples sha256 none, for not every boot came to its end');
  assert.is(benchDocument(...judged(broken)).sampleHashes?.all, null);
});

test.run();
