// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { planSchema } from '../../results/plan.ts';
import { makePlan } from '../plan/make-plan.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { shrunk } from './tiny-plan.ts';

const test = suite('tiny plans', { timeoutMs: 20_000 });

const whole = makePlan({
  mechanisms: ['all'],
  scenarios: ['all'],
  kernel: '6.1',
  machine: 'fake',
  smp: 2,
  allocationsFail: true,
  boots: 2,
  seed: 3,
  quick: true,
});

test('a plan made small is a plan, and names nothing that it has not', () => {
  for (let seed = 0; seed < 50; seed++) {
    const plan = shrunk(whole, randomOf(seed));
    planSchema.parse(plan);
    assert.is(plan.cells.length, 2);
    assert.is(plan.checks.length, 1);
    for (const { windows, containers } of plan.cells) {
      assert.ok(windows.length >= 1 && windows.length <= 2);
      for (const { faults = [] } of windows)
        for (const { container } of faults)
          if (container !== undefined) assert.ok(containers.some(({ name }) => name === container));
    }
    const ids = [...plan.cells, ...plan.checks].map(({ id }) => id);
    for (const { steps } of plan.boots)
      for (const step of steps) {
        if (step.kind === 'cell') assert.ok(ids.includes(step.cell));
        if (step.kind === 'checks') assert.ok(ids.includes(step.checks));
      }
    assert.is(plan.boots[0]?.steps.length, 1 + 2 + 1);
  }
});

test('a window with a fault stays where there was one', () => {
  const faulty = makePlan({
    ...{ kernel: '6.1', machine: 'fake', boots: 1, seed: 3, quick: true },
    mechanisms: ['stock'],
    scenarios: ['agent-kill'],
  });
  const [cell] = shrunk(faulty, randomOf(1)).cells;
  assert.ok(cell?.windows.some(({ faults }) => faults !== undefined));
  assert.ok(cell?.windows.some(({ faults }) => faults === undefined));
});

test.run();
