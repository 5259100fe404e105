// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { FaultPlan, Plan } from '../../results/plan.ts';
import { makePlan } from '../plan/make-plan.ts';
import { suite } from '../testing/suite.ts';
import { shortPlan, timedOracles } from './short-plan.ts';

const test = suite('plans in short form');
const options = { kernel: 'debug', machine: 'qemu', smp: 2, allocationsFail: true, boots: 1, seed: 5, quick: false };
const whole = makePlan({ ...options, mechanisms: ['all'], scenarios: ['all'] });
const form = { rounds: 20, slowness: 8, smp: 2 };

const cellsOf = (plan: Plan, round: number) =>
  (plan.boots[round]?.steps ?? []).flatMap((step) => (step.kind === 'cell' ? [step.cell] : []));
const scenarioOf = (plan: Plan, id: string) => plan.cells.find((cell) => cell.id === id)?.scenario;

test('whatever the number of rounds, every cell and check is run, and every round has every scenario', () => {
  const scenarios = new Set(whole.cells.map(({ scenario }) => scenario));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (rounds) => {
      const plan = shortPlan(whole, { ...form, rounds });
      assert.is(plan.boots.length, rounds);
      const run = plan.boots.map(({ index }) => cellsOf(plan, index));
      assert.equal(new Set(run.flat()), new Set(whole.cells.map(({ id }) => id)));
      for (const cells of run) assert.equal(new Set(cells.map((id) => scenarioOf(plan, id))), scenarios);
      const checks = plan.boots.flatMap(({ steps }) => steps.flatMap((s) => (s.kind === 'checks' ? [s.checks] : [])));
      assert.equal(checks.sort(), whole.checks.map(({ id }) => id).sort());
    }),
    { numRuns: 6 },
  );
});

test('no cell is run twice in a round', () => {
  const plan = shortPlan(whole, form);
  for (const { index } of plan.boots) {
    const cells = cellsOf(plan, index);
    assert.is(new Set(cells).size, cells.length);
  }
});

test('each kind of window and each fault of a cell is kept, once', () => {
  const plan = shortPlan(whole, form);
  for (const cell of whole.cells) {
    const short = plan.cells.find(({ id }) => id === cell.id);
    assert.ok(short);
    // The code that a window goes through, by whatever of it may differ but numbers.
    const kinds = (windows: typeof cell.windows) =>
      windows.map(({ samples, timing = 'each', stages = false, rate, faults = [] }) =>
        JSON.stringify({
          ...{ samples, timing, stages, open: rate !== undefined },
          faults: faults.map(({ name, container }) => [name, container]),
        }),
      );
    assert.equal(kinds(short.windows).sort(), [...new Set(kinds(cell.windows))].sort(), cell.scenario);
  }
});

test('of containers that are alike three are left, of those that differ all', () => {
  const plan = shortPlan(whole, form);
  for (const [index, cell] of plan.cells.entries()) {
    const kinds = (containers: typeof cell.containers) =>
      new Set(containers.map(({ role, agentUid }) => `${role} ${agentUid}`));
    assert.ok(cell.containers.length <= Math.max(3, kinds(cell.containers).size), cell.scenario);
    assert.equal(kinds(cell.containers), kinds(whole.cells[index]?.containers ?? []), cell.scenario);
    const faults = cell.windows.flatMap(({ faults = [] }) => faults.flatMap(({ container }) => container ?? []));
    assert.ok(faults.every((name) => cell.containers.some((container) => container.name === name)));
  }
});

test('windows are short, and waits as long as the kernel is slow', () => {
  const plan = shortPlan(whole, form);
  for (const [index, cell] of plan.cells.entries()) {
    const before = whole.cells[index];
    assert.ok(before);
    assert.is(cell.timeoutMs, before.timeoutMs * 8);
    for (const window of cell.windows) {
      const most = 3_000 + 1_600 * Math.max(0, (window.faults?.length ?? 0) - 1);
      assert.ok(window.ms <= most, `${cell.scenario}: ${window.ms} ms`);
      for (const { untilMs } of window.faults ?? []) assert.ok(untilMs < window.ms);
    }
  }
});

test('faults follow one another, and overlap, as they did', () => {
  const pairs = (faults: readonly FaultPlan[]) =>
    faults.flatMap((one) => faults.map((other) => [one.untilMs <= other.atMs, one.atMs < other.atMs]));
  const both = [whole, shortPlan(whole, form)].map(({ cells }) =>
    cells.map(({ windows }) => {
      const most = windows.map(({ faults = [] }) => faults).sort((a, b) => b.length - a.length)[0] ?? [];
      return pairs(most);
    }),
  );
  assert.ok(
    both[0]?.some((each) => each.length > 1),
    'some cell has a window with several faults',
  );
  assert.equal(both[1], both[0]);
});

test('what depends on time is looked at and judged by nobody; all that must hold at any speed is judged', () => {
  const plan = shortPlan(whole, form);
  for (const [index, { expect }] of plan.cells.entries()) {
    for (const [oracle, expected] of Object.entries(whole.cells[index]?.expect ?? {})) {
      const timed = (timedOracles as readonly string[]).includes(oracle);
      assert.is(expect[oracle as keyof typeof expect], timed || expected === 'violated' ? 'any' : expected, oracle);
    }
    assert.is(expect['kernel-log-clean'], 'held');
    assert.is(expect['module-unloads'], 'held');
  }
});

test('what was asked for decides, not when: the same plan gives the same short form', () => {
  assert.equal(shortPlan(whole, form), shortPlan(whole, form));
});

test.run();
