// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { planSchema } from '../../results/plan.ts';
import { faults } from '../../scenarios/faults/index.ts';
import { KeystormError } from '../../vm/failure.ts';
import { mechanisms } from '../mechanisms/index.ts';
import { suite } from '../testing/suite.ts';
import { errorsOf, possibleFaults } from './draw.ts';
import { paceOf, windowMs } from './pace.ts';
import { makeStressPlan, type StressOptions } from './plan.ts';

const test = suite('the plan of a stress session');

const contenders = mechanisms.filter(({ floor }) => !floor).map(({ mechanism }) => mechanism.name);
const usual: StressOptions = {
  mechanisms: ['keyagent-fd'],
  kernel: '6.1',
  machine: 'fake',
  accelerator: 'auto',
  seed: 1,
  forMs: 600_000,
  containers: 8,
  rate: 50,
  faults: 'random',
  smp: 1,
  slowness: 1,
};
const options = fc.record({
  mechanisms: fc.subarray(contenders, { minLength: 1 }),
  seed: fc.nat(),
  forMs: fc.integer({ min: 1_000, max: 3_600_000 }),
  containers: fc.integer({ min: 1, max: 64 }),
  rate: fc.integer({ min: 1, max: 2_000 }),
  smp: fc.integer({ min: 1, max: 2 }),
  slowness: fc.constantFrom(1, 4, 8),
});

test('whatever is asked for is a plan that can be stored, of as much load as was asked for, the same for one seed', () => {
  fc.assert(
    fc.property(options, (asked) => {
      const plan = makeStressPlan({ ...usual, ...asked });
      assert.ok(planSchema.safeParse(plan).success);
      const windows = plan.cells.flatMap((cell) => cell.windows);
      assert.is(windows.length, Math.max(1, Math.round(asked.forMs / 5_000)));
      assert.equal(makeStressPlan({ ...usual, ...asked }), plan);
    }),
    { numRuns: 50 },
  );
});

test('faults lie within their window with time to see what comes after, none of two meets one container, none the bystander', () => {
  fc.assert(
    fc.property(options, (asked) => {
      for (const { windows, containers, mechanism } of makeStressPlan({ ...usual, ...asked }).cells) {
        const victims = containers.filter(({ role }) => role === 'victim').map(({ name }) => name);
        const pace = paceOf(asked.slowness);
        const possible = possibleFaults(mechanism, asked.smp, asked.rate, pace).map(({ name }) => name);
        for (const { ms, faults: planned = [] } of windows) {
          for (const { name, container, atMs, untilMs } of planned) {
            const afterMs = asked.slowness === 1 ? 2_000 : 500;
            assert.ok(possible.includes(name) && atMs >= 500 && atMs < untilMs && untilMs <= ms - afterMs);
            const leastMs = asked.slowness * 300;
            assert.ok(untilMs - atMs >= leastMs, `${name} from ${atMs} to ${untilMs}`);
            if (container === undefined) assert.is(faults.find((each) => each.name === name)?.target, 'guest');
            else assert.ok(victims.includes(container));
          }
          const alone = planned.filter(({ name }) => name !== 'slow-answerer' && name !== 'kill-requester');
          assert.is(new Set(alone.map(({ container }) => container ?? '')).size, alone.length);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('a requester is killed while its agent is slow, so that there is one to be met', () => {
  const [cell] = makeStressPlan({ ...usual, faults: ['kill-requester', 'slow-answerer'], forMs: 300_000 }).cells;
  const killing = cell?.windows.flatMap(({ faults: planned = [] }) => planned.map((each) => ({ each, planned }))) ?? [];
  const kills = killing.filter(({ each }) => each.name === 'kill-requester');
  assert.ok(kills.length > 5);
  for (const { each, planned } of kills) {
    const slow = planned.find(({ name, container }) => name === 'slow-answerer' && container === each.container);
    assert.ok(slow && slow.atMs < each.atMs && slow.untilMs === each.untilMs);
  }
});

test('several mechanisms take turns, quiet windows stand beside others, and every possible fault comes', () => {
  const plan = makeStressPlan({ ...usual, mechanisms: ['keyagent-fd', 'stock'], forMs: 3_600_000 });
  assert.equal(
    plan.cells.slice(0, 3).map(({ mechanism }) => mechanism.name),
    ['keyagent-fd', 'stock', 'keyagent-fd'],
  );
  const windows = plan.cells.flatMap((cell) => cell.windows);
  const quiet = windows.filter((window) => window.faults === undefined).length / windows.length;
  assert.ok(quiet > 0.1 && quiet < 0.3, `${quiet}`);
  const seen = new Set(windows.flatMap((window) => (window.faults ?? []).map(({ name }) => name)));
  const [agent] = mechanisms.filter(({ mechanism }) => mechanism.name === 'keyagent-fd');
  assert.ok(agent);
  assert.equal(
    [...seen].sort(),
    possibleFaults(agent.mechanism, 1, usual.rate, paceOf(1))
      .map(({ name }) => name)
      .sort(),
  );
});

test('without faults none is expected to hit, and none to fail for', () => {
  const [cell] = makeStressPlan({ ...usual, faults: 'none' }).cells;
  assert.ok(cell?.windows.every((window) => window.faults === undefined));
  assert.equal([cell?.expectedErrors, cell && 'fault-took-effect' in cell.expect], [[], false]);
  assert.equal(errorsOf(faults.filter(({ name }) => name === 'reject-answerer')), ['EKEYREJECTED']);
});

test('what needs agents, requesters that do nothing else, a second processor or another kernel, is drawn only where there is that', () => {
  const [agent] = mechanisms.filter(({ mechanism }) => mechanism.name === 'keyagent-fd');
  assert.ok(agent);
  const names = (smp: number) => possibleFaults(agent.mechanism, smp, usual.rate, paceOf(1)).map(({ name }) => name);
  assert.not.ok(names(2).includes('storm-requesters'));
  assert.equal([names(1).includes('offline-cpu'), names(2).includes('offline-cpu')], [false, true]);
  const [helper] = mechanisms.filter(({ mechanism }) => mechanism.name === 'stock');
  assert.ok(helper);
  const ofHelper = possibleFaults(helper.mechanism, 2, usual.rate, paceOf(1)).map(({ name }) => name);
  assert.equal([names(2).includes('crash-answerer'), ofHelper.includes('crash-answerer')], [true, false]);
});

test('on a slow kernel as many requests meet each fault as elsewhere, and nothing waits for less than it takes', () => {
  const meetings = (slowness: number) => {
    const { rate, shortestMs } = paceOf(slowness);
    return (rate * shortestMs) / 1_000;
  };
  for (const slowness of [4, 8]) assert.ok(meetings(slowness) > 0.9 * meetings(1), `${meetings(slowness)}`);
  const [cell] = makeStressPlan({ ...usual, slowness: 8, rate: paceOf(8).rate }).cells;
  assert.equal([cell?.timeoutMs, cell?.deadlineMs], [32_000, 80_000]);
  const [agent] = mechanisms.filter(({ mechanism }) => mechanism.name === 'keyagent-fd');
  assert.ok(agent);
  const names = (slowness: number) =>
    possibleFaults(agent.mechanism, 2, paceOf(slowness).rate, paceOf(slowness)).map(({ name }) => name);
  // How long an agent takes to leak cannot be made to fit.
  const fitting = names(1).filter((name) => name !== 'squeeze-memory');
  assert.equal(names(8), fitting);
});

test('what has not the time in a window that it needs there is not drawn', () => {
  const [agent] = mechanisms.filter(({ mechanism }) => mechanism.name === 'keyagent-fd');
  assert.ok(agent);
  for (const slowness of [1, 4, 8, 16]) {
    const pace = paceOf(slowness);
    assert.ok(pace.latestMs < windowMs && pace.rate >= 1);
    const possible = possibleFaults(agent.mechanism, 1, 50, pace).map(({ name }) => name);
    for (const { name, leastMs = 0 } of faults.filter(({ by, needs }) => by === 'window' && needs.length === 0))
      assert.is(
        possible.includes(name),
        leastMs * slowness <= pace.latestMs - pace.earliestMs,
        `${name} at ${slowness}`,
      );
  }
  assert.not.ok(possibleFaults(agent.mechanism, 1, 50, paceOf(16)).some(({ name }) => name === 'kill-requester'));
});

test("on a machine that is somebody's no fault is done to it as a whole, and what harms others is refused", () => {
  const drawn = makeStressPlan({ ...usual, smp: 2, disposable: false }).cells.flatMap(({ windows }) =>
    windows.flatMap((window) => (window.faults ?? []).map(({ name }) => name)),
  );
  assert.ok(drawn.length > 0);
  for (const name of ['step-clock', 'offline-cpu', 'fill-disk']) assert.not.ok(drawn.includes(name), name);
  assert.throws(
    () => makeStressPlan({ ...usual, mechanisms: ['stock-minimal'], disposable: false }),
    /stock-minimal is not for this machine: it puts another helper/,
  );
});

test('what cannot be put under stress, or not by that, is refused with what can', () => {
  const refused = (change: Partial<StressOptions>, words: RegExp) =>
    assert.throws(
      () => makeStressPlan({ ...usual, ...change }),
      (error: Error) => error instanceof KeystormError && words.test(error.message),
    );
  refused({ mechanisms: ['null-actor'] }, /nothing to put under stress in 'null-actor'/);
  refused({ mechanisms: ['stock'], faults: ['slow-answerer'] }, /with stock: it knows kill-answerer/);
});

test.run();
