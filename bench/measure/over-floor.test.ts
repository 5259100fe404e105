// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { histogramOf } from '../../results/histogram-data.ts';
import type { CellPlan, Plan } from '../../results/plan.ts';
import { aCell, aContainer, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import { metricsOf } from './metrics.ts';
import { one, reasons, values } from './testing/measured.ts';

const test = suite('ratios to floors and slopes of depth');

const subject = aCell();
const floor = aCell({
  id: 'c1',
  mechanism: { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' },
  containers: [aContainer('subject', { agent: 'none' })],
});

/** Constant latencies in place of those of the frames: by cell, and of the eventfd floor. */
function constant(byCell: Readonly<Record<string, number>>, eventfd = 0): Doctoring {
  return {
    frame: (frame) => {
      if (frame.t === 'floor' && frame.name === 'eventfd')
        return { ...frame, hist: histogramOf(Array(100).fill(eventfd)) };
      if (frame.t !== 'window') return frame;
      return { ...frame, hist: histogramOf(Array(frame.hist.count).fill(byCell[frame.cell] ?? 1)) };
    },
  };
}

function withEventfd(cells: CellPlan[]): Plan {
  const plan = aPlan(cells, 1);
  const step = { kind: 'floor', floor: 'eventfd', iterations: 100 } as const;
  return { ...plan, boots: plan.boots.map((boot) => ({ ...boot, steps: [step, ...boot.steps] })) };
}

test('the ratio is over the null actor and the eventfd ping-pong of the same boot together', () => {
  const metrics = metricsOf(aRun(withEventfd([subject, floor]), constant({ c0: 125, c1: 60 }, 40)));
  assert.equal(values(one(metrics, 'upcall.over_floor')), [1.25]);
});

test('without the eventfd floor, or the null actor under the same scenario, there is none, and the reason', () => {
  const bare = metricsOf(aRun(aPlan([subject, floor], 1), constant({ c0: 125, c1: 60 })));
  assert.equal(reasons(one(bare, 'upcall.over_floor')), ['not-measured']);
  const other = metricsOf(aRun(withEventfd([subject, { ...floor, scenario: 'mixed' }])));
  assert.equal(reasons(one(other, 'upcall.over_floor')), ['no-null-actor']);
});

test('what a level costs is the slope over the depths, and each depth is a metric of its own', () => {
  const at = (depth: number) => {
    return aCell({ id: `d${depth}`, scenario: 'nesting', containers: [aContainer('subject', { depth })] });
  };
  const cells = [0, 1, 8, 32].map(at);
  const metrics = metricsOf(aRun(aPlan(cells, 1), constant({ d0: 100, d1: 107, d8: 156, d32: 324 })));
  const level = one(metrics, 'nesting.per_level');
  assert.ok(Math.abs((values(level)[0] ?? 0) - 7) < 1e-9);
  assert.is(level.dimensions.depth, undefined);
  assert.equal(values(one(metrics, 'upcall.latency.p50', { depth: 8 })), [156]);
  const single = metricsOf(aRun(aPlan(cells.slice(0, 1), 1)));
  assert.not.ok(
    single.some(({ name }) => name === 'nesting.per_level'),
    'one depth has no slope',
  );
});

test('a depth that was not measured leaves no slope', () => {
  const cells = [0, 8].map((depth) => aCell({ id: `d${depth}`, containers: [aContainer('subject', { depth })] }));
  const lost: Doctoring = { frame: (frame) => (frame.t === 'window' && frame.cell === 'd8' ? null : frame) };
  assert.equal(reasons(one(metricsOf(aRun(aPlan(cells, 1), lost)), 'nesting.per_level')), ['missing-frame']);
});

test.run();
