// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { histogramOf } from '../../results/histogram-data.ts';
import { aCell, aContainer } from '../../results/testing/plans.ts';
import { suite } from '../testing/suite.ts';
import { changing, measured, one, panicInBoot1, reasons, values } from './testing/measured.ts';

const test = suite('storms');

/** 25 rounds of 4 in each of two windows, and 3 rounds of warm-up. */
const window = { ms: 1000, maxRequests: 100, samples: false };
const stormOne = aCell({
  requests: { kind: 'storm-one', hitPercent: 0 },
  containers: [aContainer('subject', { requesters: 4 })],
  warmup: 3,
  windows: [window, window],
});

test('a round is timed as a whole', () => {
  const rounds = changing('window', () => ({ rounds: { count: 25, hist: histogramOf(Array(25).fill(100)) } }));
  const metrics = measured(stormOne, rounds, 1);
  assert.equal(values(one(metrics, 'storm.round.p50')), [100]);
  assert.equal(values(one(metrics, 'storm.round.max')), [100]);
  assert.equal(reasons(one(metrics, 'storm.round.p90')), ['too-few-samples']);
  assert.is(one(metrics, 'storm.round.p50').unit, 'ns');
});

test('all who ask for one key share an upcall, those who ask for their own have one each', () => {
  const distinct = aCell({ ...stormOne, requests: { kind: 'storm-distinct', hitPercent: 0 } });
  assert.equal(values(one(measured(stormOne, {}, 1), 'storm.upcalls_per_round')), [1]);
  assert.equal(values(one(measured(distinct, {}, 1), 'storm.upcalls_per_round')), [4]);
  const twice = changing('counters', ({ delta }) => ({ delta: { ...delta, notified_fd_write: 2 * 53 } }));
  assert.equal(values(one(measured(stormOne, twice, 1), 'storm.upcalls_per_round')), [2]);
});

test('the floor of a storm is a round that the module answers, not a request that waits for the others of its round', () => {
  const mechanism = { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' } as const;
  const metrics = measured({ ...stormOne, mechanism }, {}, 1);
  assert.type(values(one(metrics, 'storm.round.p50'))[0], 'number');
  assert.not.ok(metrics.some(({ name }) => name.startsWith('floor.null_actor')));
});

test('what was not measured has its reason', () => {
  const broken = measured(stormOne, panicInBoot1);
  assert.equal(reasons(one(broken, 'storm.round.p50')), [undefined, 'guest-panic']);
  assert.equal(reasons(one(broken, 'storm.upcalls_per_round')), [undefined, 'guest-panic']);
  const silent = measured(
    stormOne,
    changing('window', () => ({ rounds: undefined })),
    1,
  );
  assert.equal(reasons(one(silent, 'storm.round.max')), ['not-reported']);
  const unsaid = changing('counters', () => null);
  assert.equal(reasons(one(measured(stormOne, unsaid, 1), 'storm.upcalls_per_round')), ['missing-frame']);
  const uncounted = measured(
    stormOne,
    changing('counters', () => ({ rounds: undefined })),
    1,
  );
  assert.equal(reasons(one(uncounted, 'storm.upcalls_per_round')), ['not-counted']);
  assert.not.ok(measured(aCell()).some(({ name }) => name.startsWith('storm.')));
});

test.run();
