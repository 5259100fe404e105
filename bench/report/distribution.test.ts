// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { type Slice, slicesOf } from '../../results/cell-view.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { metricsOf } from '../measure/metrics.ts';
import { suite } from '../testing/suite.ts';
import { curveOf, curvePercentiles } from './distribution.ts';
import { findMetric, perBoot, summarise } from './figures.ts';
import { reportData } from './report-data.ts';

const test = suite('distributions');

/** The curve of one cell of `requests` requests, in three boots, and the metrics of the same run. */
function measured(requests: number, doctoring: Doctoring = {}) {
  const cell = aCell({ windows: [{ ms: 4000, maxRequests: requests, samples: false }] });
  const run = aRun(aPlan([cell], 3), doctoring);
  const metrics = metricsOf(run);
  const slice = slicesOf(cell)[0] as Slice;
  return { metrics, curve: curveOf(reportData(run, metrics, []).viewsOf(cell), slice) };
}

test('the curve goes through the figures of the table, from the lowest boot to the highest', () => {
  const { metrics, curve } = measured(2000);
  for (const [p, name] of [
    [0.5, 'p50'],
    [0.9, 'p90'],
    [0.99, 'p99'],
  ] as const) {
    const figure = summarise(perBoot(findMetric(metrics, `upcall.latency.${name}`, { phase: 'steady' })));
    const point = curve.points.find((each) => each.p === p);
    assert.equal([point?.median, point?.low, point?.high], [figure?.median, figure?.min, figure?.max]);
  }
  assert.equal([curve.boots, curve.planned, curve.requests], [3, 3, 6000]);
});

test('percentiles rise, and so does what they stand for', () => {
  const { points } = measured(2000).curve;
  for (const [index, { p, median }] of points.entries()) {
    const before = points[index - 1];
    assert.ok(before === undefined || (before.p < p && before.median <= median));
  }
  assert.ok(curvePercentiles.every((p) => p > 0 && p < 1));
});

test('a curve ends where a boot has fewer than ten samples beyond', () => {
  const last = measured(200).curve.points.at(-1)?.p ?? 0;
  assert.ok(last <= 0.95 && last > 0.9, `ends at ${last}`);
  assert.equal(measured(15).curve.points, []);
});

test('a boot that failed is not in the curve, and the curve says so', () => {
  const { curve } = measured(500, { panicBefore: (frame, boot) => boot === 1 && frame.t === 'window' });
  assert.equal([curve.boots, curve.planned], [2, 3]);
  assert.equal(curve.reasons, ['guest-panic in boot 1']);
});

test.run();
