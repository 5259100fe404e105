// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { histogramOf } from '../../results/histogram-data.ts';
import { aCell } from '../../results/testing/plans.ts';
import { suite } from '../testing/suite.ts';
import { changing, measured, one, panicInBoot1, reasons, values } from './testing/measured.ts';

const test = suite('open loop');

/** 100 starts at 50/s, 400 at 200/s. */
const window = { ms: 2000, maxRequests: 1000, samples: true };
const cell = aCell({
  windows: [
    { ...window, rate: 50 },
    { ...window, rate: 200 },
  ],
});
const slow = { load: 'open:50' };

/** The 100 starts of 50/s took 1, 2, … µs, but `missed` of them were never made. */
const missing = (missed: number) =>
  changing('window', ({ index }) =>
    index !== 0
      ? {}
      : {
          hist: histogramOf(Array.from({ length: 100 - missed }, (_, i) => (i + 1) * 1000)),
          arrivals: {
            late: missed + 3,
            missed,
            service_hist: histogramOf(Array.from({ length: 100 - missed }, () => 64)),
          },
        },
  );

test('each rate is a load of its own, latencies from the due time beside service from the actual start', () => {
  const metrics = measured(cell, missing(0), 1);
  assert.equal(
    metrics.filter(({ name }) => name === 'upcall.latency.p50').map(({ dimensions }) => dimensions.load),
    ['open:50', 'open:200'],
  );
  const [p90] = values(one(metrics, 'upcall.latency.p90', slow));
  assert.ok(Math.abs((p90 as number) / 90_000 - 1) < 0.008);
  assert.equal(values(one(metrics, 'upcall.service.p50', slow)), [64]);
  assert.equal(values(one(metrics, 'upcall.service.p90', slow)), [64]);
  assert.equal(reasons(one(metrics, 'upcall.service.p99', slow)), ['too-few-samples']);
});

test('starts made late and never are counted', () => {
  const metrics = measured(cell, missing(5), 1);
  assert.equal(values(one(metrics, 'upcall.late_starts', slow)), [8]);
  assert.equal(values(one(metrics, 'upcall.missed_starts', slow)), [5]);
  assert.equal(values(one(metrics, 'upcall.missed_starts', { load: 'open:200' })), [0]);
  assert.is(one(metrics, 'upcall.missed_starts', slow).unit, '1');
});

test('a missed start is longer than any latency: a quantile is that of all starts, or not given', () => {
  // The 90th of 100 starts is the 90th of those made as long as no more than 10 were missed.
  for (const missed of [1, 10]) {
    const metrics = measured(cell, missing(missed), 1);
    const [p90] = values(one(metrics, 'upcall.latency.p90', slow));
    assert.ok(Math.abs((p90 as number) / 90_000 - 1) < 0.008, `${missed} missed`);
    assert.equal(reasons(one(metrics, 'upcall.latency.max', slow)), ['missed-starts']);
  }
  const beyond = measured(cell, missing(11), 1);
  assert.equal(reasons(one(beyond, 'upcall.latency.p90', slow)), ['missed-starts']);
  assert.type(values(one(beyond, 'upcall.latency.p50', slow))[0], 'number');
  const most = measured(cell, missing(100), 1);
  assert.equal(reasons(one(most, 'upcall.latency.p50', slow)), ['missed-starts']);
  assert.equal(reasons(one(most, 'upcall.latency.p99', slow)), ['no-ok-requests']);
});

test('what was not measured has its reason', () => {
  const metrics = measured(cell, panicInBoot1);
  for (const name of ['upcall.service.p50', 'upcall.late_starts', 'upcall.missed_starts']) {
    assert.equal(reasons(one(metrics, name, { load: 'open:200' })), [undefined, 'guest-panic'], name);
  }
  const silent = measured(
    cell,
    changing('window', () => ({ arrivals: undefined })),
    1,
  );
  for (const name of ['upcall.missed_starts', 'upcall.latency.p50', 'upcall.throughput'])
    assert.equal(reasons(one(silent, name, slow)), ['not-reported'], name);
});

test('in closed loop there are no arrivals', () => {
  const names = measured(aCell()).map(({ name }) => name);
  assert.not.ok(names.some((name) => /service|starts/.test(name)));
});

test.run();
