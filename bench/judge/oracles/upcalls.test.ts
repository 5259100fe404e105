// SPDX-License-Identifier: MIT
/** What executed a helper or told an agent, and how often that was to be. */
import * as assert from 'uvu/assert';
import type { CellPlan } from '../../../results/plan.ts';
import { aCell, aContainer } from '../../../results/testing/plans.ts';
import type { Doctoring } from '../../../results/testing/runs.ts';
import { suite } from '../../testing/suite.ts';
import { faulty, found, testCases } from './testing/cases.ts';
import { changing, dropping, panicked } from './testing/doctorings.ts';

const test = suite('oracles of upcalls');

const stock: CellPlan = aCell({
  mechanism: { name: 'stock', route: 'init', delivery: 'helper', helper: 'keyutils' },
  containers: [aContainer('subject', { agent: 'none' })],
  fallback: 'stock',
});
const nullActor = aCell({ mechanism: { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' } });
const fallingBack = aCell({ fallback: 'stock' });

const storm = { containers: [aContainer('subject', { requesters: 4 })], warmup: 3 };
const stormOne = { ...storm, requests: { kind: 'storm-one', hitPercent: 0 } } as const;
const stormDistinct = { ...storm, requests: { kind: 'storm-distinct', hitPercent: 0 } } as const;
const mixed = { requests: { kind: 'fresh', hitPercent: 80 }, warmup: 5 } as const;

testCases(test, 'upcalls', {
  'no-host-helper': {
    cell: faulty,
    fires: [[changing('counters', (f) => ({ delta: { ...f.delta, helper_execs: 1 } })), /executed once/]],
    unknown: [
      [dropping('counters'), /counters were not reported/],
      [changing('counters', () => ({ delta: {} })), /counter helper_execs was not reported/],
      panicked,
    ],
    restsOnOneFrame: true,
  },
  'host-helper-spawns': {
    cell: stock,
    fires: [
      [changing('counters', (f) => ({ delta: { helper_execs: f.upcalls_ok + 1 } })), /executed 46 times, expected: 45/],
      [changing('counters', () => ({ delta: { helper_execs: 0 } })), /executed 0 times, expected: 45/],
      [changing('counters', () => ({ upcalls_failed: 2 })), /executed 45 times, expected: 47/],
    ],
    unknown: [[dropping('counters'), /counters were not reported/], panicked],
    restsOnOneFrame: true,
  },
  'upcalls-as-expected': {
    cell: aCell(),
    fires: [
      [
        changing('counters', (f) => ({ delta: { ...f.delta, notified_fd_write: 46 } })),
        /46 upcalls \(upcalls to agents or the fallback\), expected: 45 \(one for each request\)/,
      ],
      [changing('counters', () => ({ upcalls_failed: 1 })), /45 upcalls .+ expected: 46/],
    ],
    unknown: [
      [dropping('counters'), /counters were not reported/],
      [changing('counters', () => ({ delta: {} })), /counter notified_signal was not reported/],
      [changing('counters', (f) => ({ delta: { ...f.delta, dead: 1 } })), /the counter dead is not 0/],
      panicked,
    ],
    restsOnOneFrame: true,
  },
});

test('how many upcalls are expected follows from what is asked for, whoever answers', () => {
  const { mechanism, containers, fallback } = stock;
  for (const [workload, expected] of [
    [{}, /45 upcalls? .+ expected: 45 \(one for each request\)/],
    // Ten rounds of four requests, and three of warm-up.
    [stormOne, /13 upcalls .+ expected: 13 \(one for each round\)/],
    [stormDistinct, /52 upcalls .+ expected: 52 \(one for each request\)/],
    [mixed, /9 upcalls .+ expected: 9 \(one for each request that was no hit\)/],
  ] as const) {
    const byAgent = aCell(workload);
    const byHelper = { ...byAgent, mechanism, fallback };
    const byNobody = { ...byAgent, mechanism: nullActor.mechanism };
    for (const cell of [byAgent, byHelper, byNobody]) {
      const { property, evidence } = found('upcalls-as-expected', cell);
      assert.is(property, 'held', evidence);
      assert.match(evidence, expected);
      assert.is(found('host-helper-spawns', cell).property, 'held');
    }
    const once = changing('counters', (f) => ({
      delta: { ...f.delta, helper_execs: 1, notified_fd_write: 1, null: 1 },
    }));
    for (const cell of [byAgent, byHelper, byNobody])
      assert.is(found('upcalls-as-expected', cell, once).property, 'violated');
  }
  assert.is(containers[0]?.agent, 'none');
});

test('an upcall that found no agent is one too', () => {
  const refusals = changing('counters', (f) => ({ delta: { ...f.delta, notified_fd_write: 0, fallback_refused: 45 } }));
  assert.is(found('upcalls-as-expected', aCell(), refusals).property, 'held');
});

test('without its count of hits or rounds a workload of either cannot be judged', () => {
  const uncounted = changing('counters', () => ({ hits: undefined, rounds: undefined }));
  assert.match(found('upcalls-as-expected', aCell(mixed), uncounted).evidence, /hits were not counted/);
  assert.match(found('upcalls-as-expected', aCell(stormOne), uncounted).evidence, /rounds were not counted/);
  assert.is(found('host-helper-spawns', { ...stock, ...mixed }, uncounted).property, 'unknown');
  assert.is(found('upcalls-as-expected', aCell(), uncounted).property, 'held');
});

test('how often the helper is expected follows from route and fallback', () => {
  const counted = (execs: number, fallen: number): Doctoring =>
    changing('counters', () => ({ delta: { helper_execs: execs, fallback_stock: fallen } }));
  const property = (cell: CellPlan, doctoring: Doctoring) => found('host-helper-spawns', cell, doctoring).property;
  assert.is(property(nullActor, counted(0, 0)), 'held');
  assert.is(property(nullActor, counted(1, 0)), 'violated');
  assert.is(property(faulty, counted(0, 0)), 'held');
  assert.is(property(faulty, counted(2, 2)), 'violated');
  assert.is(property(fallingBack, counted(2, 2)), 'held');
  assert.is(property(fallingBack, counted(3, 2)), 'violated');
  assert.is(
    property(
      fallingBack,
      changing('counters', () => ({ delta: { helper_execs: 0 } })),
    ),
    'unknown',
  );
});

test.run();
