// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { RecordBody } from '../../results/records.ts';
import { aCell, aManifest, aPlan } from '../../results/testing/plans.ts';
import { recordBodies, stamped } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import type { Metric } from './metric.ts';
import { metricsOf } from './metrics.ts';
import { one, reasons, values } from './testing/measured.ts';

const test = suite('the harness’ own cost');

const plan = aPlan([aCell()], 2);

function withHarness(
  ...used: readonly Omit<Extract<RecordBody, { kind: 'harness' }>, 'kind' | 'cell' | 'index'>[]
): Metric {
  const bodies = used.map((each, index): RecordBody => ({ kind: 'harness', cell: 'c0', index, ...each }));
  const records = stamped([...recordBodies(plan), ...bodies]);
  const run = { dir: '/nowhere', manifest: aManifest(plan), records, status: 'complete' as const, problems: [] };
  return one(metricsOf(run), 'harness.cpu_share');
}

test('it is processor time over wall time, all windows of a boot together', () => {
  const share = withHarness(
    { boot: 0, wallNs: 1_000, cpuNs: 100 },
    { boot: 0, wallNs: 3_000, cpuNs: 100 },
    { boot: 1, wallNs: 1_000, cpuNs: 10 },
  );
  assert.equal(values(share), [0.05, 0.01]);
  assert.is(share.unit, '1');
});

test('what was not recorded is missing', () => {
  assert.equal(reasons(withHarness({ boot: 1, wallNs: 10, cpuNs: 1 })), ['not-recorded', undefined]);
  assert.equal(reasons(withHarness({ boot: 0, wallNs: 0, cpuNs: 0 })), ['empty-window', 'not-recorded']);
});

test.run();
