// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { histogramOf } from '../../results/histogram-data.ts';
import { aCell } from '../../results/testing/plans.ts';
import { suite } from '../testing/suite.ts';
import { changing, measured, one, reasons, values } from './testing/measured.ts';

const test = suite('hits');

const window = { ms: 1000, maxRequests: 500, samples: false };
const cell = aCell({ requests: { kind: 'fresh', hitPercent: 80 }, windows: [window, window] });

test('hits are measured apart from the requests that were upcalls', () => {
  const quick = changing('window', ({ hits }) => ({ hits: { ok: hits?.ok, hist: histogramOf(Array(400).fill(90)) } }));
  const metrics = measured(cell, quick, 1);
  assert.equal(values(one(metrics, 'hit.latency.p50')), [90]);
  assert.equal(values(one(metrics, 'hit.latency.p90')), [90]);
  assert.equal(reasons(one(metrics, 'hit.latency.p99')), ['too-few-samples']);
  assert.ok((values(one(metrics, 'upcall.latency.p50'))[0] as number) > 100_000);
  assert.is(one(metrics, 'hit.latency.p50').dimensions.load, 'closed:1');
});

test('in open loop a missed start may have been a hit, and counts as longer than any', () => {
  const open = aCell({ ...cell, windows: [{ ...window, rate: 500 }] });
  const some = (missed: number) =>
    changing('window', ({ arrivals }) => ({ arrivals: arrivals === undefined ? undefined : { ...arrivals, missed } }));
  assert.type(values(one(measured(open, some(0), 1), 'hit.latency.p90'))[0], 'number');
  assert.equal(reasons(one(measured(open, some(60), 1), 'hit.latency.p90')), ['missed-starts']);
  assert.type(values(one(measured(open, some(60), 1), 'hit.latency.p50'))[0], 'number');
});

test('the floor has hits too', () => {
  const mechanism = { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' } as const;
  assert.type(values(one(measured({ ...cell, mechanism }, {}, 1), 'hit.latency.p50'))[0], 'number');
});

test('without hits there are no figures of them, and hits that were not reported are missing', () => {
  assert.not.ok(measured(aCell()).some(({ name }) => name.startsWith('hit.')));
  const silent = measured(
    cell,
    changing('window', () => ({ hits: undefined })),
    1,
  );
  // Nor is it known then which latencies are of upcalls.
  for (const name of ['hit.latency.p50', 'upcall.latency.p50'])
    assert.equal(reasons(one(silent, name)), ['not-reported']);
});

test.run();
