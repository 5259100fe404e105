// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { bootsOf } from '../../results/boots.ts';
import { cellView } from '../../results/cell-view.ts';
import type { Frame } from '../../results/frames.ts';
import type { CellPlan } from '../../results/plan.ts';
import { aCell, aContainer, aPlan } from '../../results/testing/plans.ts';
import { aDescription, stamped } from '../../results/testing/runs.ts';
import { Runner } from '../../vm/fake/guest.ts';
import { parseGuestPlan } from '../../vm/fake/guest-plan.ts';
import { numbered } from '../../vm/fake/pen.ts';
import { renderGuestPlan } from '../plan/guest-plan.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { stallFigures } from './stall.ts';

const test = suite('stall figures');

const fault = { name: 'stop-answerer', container: 'victim', atMs: 1_000, untilMs: 2_000 };

function stopCell(rate: number, overrides: Partial<CellPlan> = {}): CellPlan {
  const window = { ms: 5_000, maxRequests: 1_000_000, samples: false, rate };
  return aCell({
    containers: [aContainer('victim', { requesters: 64, role: 'victim' })],
    windows: [window, { ...window, samples: true, faults: [fault] }],
    ...overrides,
  });
}

/** The figures of a cell that the fake guest did; `change` may alter or drop frames. */
function figuresOf(cell: CellPlan, change: (frame: Frame) => Frame | null = (frame) => frame) {
  const plan = aPlan([cell], 1);
  const text = renderGuestPlan(plan, plan.boots[0] as (typeof plan.boots)[number]);
  const options = { kernelRelease: 'x', cmdline: 'x', smp: 1, unit: randomOf(3).unit, misbehaviour: () => undefined };
  const frames = [...new Runner(parseGuestPlan(text), options).run()]
    .flatMap((event) => (event.kind === 'frame' ? [change(numbered(0, event.body))] : []))
    .flatMap((frame) => (frame === null ? [] : [frame]))
    .map((frame, n): Frame => ({ ...frame, n }));
  const records = stamped([
    { kind: 'boot-start', boot: 0, description: aDescription },
    ...frames.map((frame) => ({ kind: 'frame', boot: 0, frame }) as const),
    { kind: 'boot-end', boot: 0, outcome: 'done' },
  ]);
  const [boot] = bootsOf(plan, records);
  assert.ok(boot);
  return stallFigures(cellView(cell, boot), { clock: 'wall' }).map(({ name, measured }) => [name, measured] as const);
}

for (const rate of [50, 400, 2_000]) {
  test(`a 1 s stop at ${rate}/s is within 2% of the model, by a run's own stamps and service`, () => {
    const figures = figuresOf(stopCell(rate));
    assert.equal(
      figures.map(([name]) => name),
      ['stall.p90_ratio', 'stall.p99_ratio'],
    );
    for (const [name, { value }] of figures) {
      if (rate === 50 && name === 'stall.p99_ratio') assert.is(value, null, '250 requests give no p99');
      else assert.ok(value !== null && Math.abs(value - 1) <= 0.02, `${name} is ${value}`);
    }
  });
}

test('beyond capacity the tail is lost in missed starts, and is said to be', () => {
  for (const [, measured] of figuresOf(stopCell(10_000)))
    assert.equal(measured, { value: null, reason: 'missed-starts' });
});

test('a stop that took longer than its stamps say does not fit', () => {
  const late = (frame: Frame): Frame =>
    frame.t === 'fault' && frame.phase === 'clear'
      ? { ...frame, mono_before: frame.mono_before - 1e8, mono_after: frame.mono_after - 1e8 }
      : frame;
  for (const [name, { value }] of figuresOf(stopCell(400), late)) assert.ok((value ?? 0) > 1.05, `${name} is ${value}`);
});

test('what it needs and does not have is the reason', () => {
  const window = { ms: 5_000, maxRequests: 1_000_000, samples: true, rate: 400 };
  const cases: [string, CellPlan, (frame: Frame) => Frame | null][] = [
    ['no-steady-service', stopCell(400, { windows: [{ ...window, faults: [fault] }] }), (frame) => frame],
    [
      'no-samples',
      stopCell(400, { windows: [window, { ...window, samples: false, faults: [fault] }] }),
      (frame) => frame,
    ],
    ['failed-requests', stopCell(400, { timeoutMs: 100 }), (frame) => frame],
    ['fault-not-reported', stopCell(400), (frame) => (frame.t === 'fault' ? null : frame)],
    ['fault-missed', stopCell(400), (frame) => (frame.t === 'fault' ? { ...frame, hits: 0 } : frame)],
    ['missing-frame', stopCell(400), (frame) => (frame.t === 'window' ? null : frame)],
  ];
  for (const [reason, cell, change] of cases) {
    const figures = figuresOf(cell, change);
    assert.is(figures.length, 2);
    for (const [, measured] of figures) assert.equal(measured, { value: null, reason });
  }
});

test('no stop, or a closed loop, has no such figures', () => {
  const { rate: _, ...closed } = { ms: 5_000, maxRequests: 100, samples: true, rate: 1 };
  assert.equal(figuresOf(stopCell(1, { windows: [closed, { ...closed, faults: [fault] }] })), []);
  const killed = { ...fault, name: 'kill-answerer' };
  assert.equal(figuresOf(stopCell(1, { windows: [{ ...closed, rate: 50, faults: [killed] }] })), []);
});

test.run();
