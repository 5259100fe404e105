// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { RecordBody } from '../../results/records.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { aCell, aManifest, aPlan } from '../../results/testing/plans.ts';
import { recordBodies, stamped } from '../../results/testing/runs.ts';
import { judge } from '../judge/judge.ts';
import { metricsOf } from '../measure/metrics.ts';
import { suite } from '../testing/suite.ts';
import { htmlReport } from './html-report.ts';
import { markdownReport } from './markdown-report.ts';
import { troubleLines } from './other-lines.ts';
import { reportData } from './report-data.ts';
import { textReport } from './text-report.ts';

const test = suite('faults in reports');

const plan = aPlan([aCell()], 4);
const kasan = { title: 'KASAN: slab-out-of-bounds Read in <ks_f>', fingerprint: '0123456789ab' };

/** All boots fail: two of one fault, one of another, one of nothing that has a name. */
function failedRun(): StoredRun {
  const faults = [kasan, { title: 'kernel panic: sysrq triggered crash', fingerprint: 'cdef01234567' }, kasan, {}];
  const bodies = recordBodies(plan, { panicBefore: () => true }).map(
    (body): RecordBody => (body.kind === 'failure' ? { ...body, ...faults[body.boot ?? 0] } : body),
  );
  return { dir: '/nowhere', manifest: aManifest(plan), records: stamped(bodies), status: 'complete', problems: [] };
}

test('the same fault is told once, with how often and where', () => {
  assert.equal(troubleLines(failedRun()), [
    'boots 0, 2: guest-panic: 2 × KASAN: slab-out-of-bounds Read in <ks_f> (0123456789ab): The guest panicked. (last on its console: "Kernel panic - not syncing: test")',
    'boot 1: guest-panic: 1 × kernel panic: sysrq triggered crash (cdef01234567): The guest panicked. (last on its console: "Kernel panic - not syncing: test")',
    'boot 3: guest-panic: The guest panicked. (last on its console: "Kernel panic - not syncing: test")',
  ]);
});

test('text, page and posting show it where they tell of failed boots', () => {
  const run = failedRun();
  const [metrics, verdicts] = [metricsOf(run), judge(run)];
  const data = reportData(run, metrics, verdicts);
  const page = htmlReport(data);
  assert.match(textReport(run, metrics, verdicts), '2 × KASAN: slab-out-of-bounds Read in <ks_f> (0123456789ab)');
  assert.match(page, 'FAILED BOOTS: 4 of 4 (guest-panic). 2 × KASAN: slab-out-of-bounds Read in');
  assert.not.match(page, '<ks_f>');
  assert.match(
    markdownReport(data).replace(/\s+/g, ' '),
    'FAILED BOOTS: 4 of 4 (guest-panic). 2 × KASAN: slab-out-of-bounds Read in',
  );
});

test.run();
