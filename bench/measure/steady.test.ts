// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { bootsOf } from '../../results/boots.ts';
import { cellView } from '../../results/cell-view.ts';
import { aFaultCell, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import { steadyTime } from './steady.ts';

const test = suite('until a container is served as before');

const ms = 1e6;
/** A window of 4 s, a request every 4 ms, each 0.1 to 0.2 ms long; its agent is killed at 1,000 ms, and cleared at 1,500 ms. */
const cell = aFaultCell();
const plan = aPlan([cell], 1);

type Row = [start: number, latency: number, errno: number, agent: number, worker: number];

function timeOf(change: (row: Row) => Row, doctoring: Doctoring = {}) {
  const run = aRun(plan, {
    frame: (frame, boot) => {
      const changed =
        frame.t === 'samples' && frame.index === 1
          ? { ...frame, rows: frame.rows.map((row) => change(row as Row)) }
          : frame;
      return doctoring.frame === undefined ? changed : doctoring.frame(changed, boot);
    },
  });
  const [boot] = bootsOf(plan, run.records);
  assert.ok(boot);
  const view = cellView(cell, boot);
  const window = view.windows.find(({ index, container }) => index === 1 && container.name === 'victim');
  assert.ok(window);
  const [fault] = window.faults;
  const cleared = (fault?.clear?.mono_after ?? 0) - (window.frame?.mono_start ?? 0);
  return { ...steadyTime(view, window), cleared };
}

/** Served again from so many ms of the window on, then so much slower until so many ms. */
const served =
  (from: number, factor = 1, until = 0) =>
  ([start, latency, , agent, worker]: Row): Row =>
    start < 1_000 * ms
      ? [start, latency, 0, agent, worker]
      : start < from * ms
        ? [start, 150_000, 126, 0, worker]
        : [start, 150_000 * (start < until * ms ? factor : 1), 0, 1, worker];

test('who is served as before when the fault is cleared was so at once', () => {
  assert.is(timeOf(served(1_400)).value, 0);
});

test('failures after the clearing count until the last', () => {
  const { value, cleared } = timeOf(served(1_800));
  assert.ok(value !== null);
  // The last failure begins at 1,796 ms at the latest, and takes 0.15 ms.
  const last = 1_796.15 * ms - cleared;
  assert.ok(value >= last && value <= last + 10 * ms, `${value}`);
});

test('slower than twice as before is not as before; a little slower is', () => {
  const slow = timeOf(served(1_400, 4, 2_500)).value ?? 0;
  // Within the span of 200 ms half of the requests are slow until 100 ms before the end of that.
  assert.ok(slow > 850 * ms && slow < 1_000 * ms, `${slow}`);
  assert.is(timeOf(served(1_400, 1.5, 2_500)).value, 0);
});

test('what never comes to that, or has nothing to be compared with, has a reason in place of a time', () => {
  const reasonOf = (change: (row: Row) => Row, doctoring?: Doctoring) => {
    const result = timeOf(change, doctoring);
    return result.value === null ? result.reason : result.value;
  };
  assert.is(reasonOf(served(4_000)), 'not-steady');
  assert.is(reasonOf(served(1_400, 4, 4_000)), 'not-steady');
  assert.is(
    reasonOf(([start, latency, , agent, worker]) => [start, latency, 126, agent, worker]),
    'too-few-samples',
  );
  assert.is(reasonOf(served(1_400), { frame: (frame) => (frame.t === 'fault' ? null : frame) }), 'fault-not-reported');
  assert.is(reasonOf(served(1_400), { frame: (frame) => (frame.t === 'samples' ? null : frame) }), 'no-samples');
});

test.run();
