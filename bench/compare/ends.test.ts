// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { compareEnds, endsDoubt, worseEnds } from './ends.ts';
import { chanceOfSoMany } from './statistics/fisher.ts';

const test = suite('what became of boots');

/** So many boots of each end. */
const boots = (ends: Record<string, number>) =>
  Object.entries(ends).flatMap(([reason, n]) => new Array(n).fill({ finished: reason === 'done', reason }));
const worse = (base: Record<string, number>, other: Record<string, number>) =>
  worseEnds(compareEnds(boots(base), boots(other)), 0.01).map(({ what }) => what);

test('a failure of the guest that base has not is worse, one of the host is not', () => {
  assert.equal(worse({ done: 6 }, { done: 5, 'guest-panic': 1 }), ['1 boot with guest-panic, which base has not']);
  assert.equal(worse({ done: 5, hang: 1 }, { done: 5, oops: 1 }), ['1 boot with oops, which base has not']);
  for (const kind of ['harness-fault', 'lost-connection', 'timeout', 'out-of-disk', 'aborted', 'not-reached'])
    assert.equal(worse({ done: 6 }, { done: 2, [kind]: 4 }), []);
  assert.equal(worse({ done: 5, hang: 1 }, { done: 6 }), []);
});

test('the same failures are worse where there are clearly more', () => {
  assert.equal(worse({ done: 9, hang: 1 }, { done: 5, hang: 5 }), []);
  assert.equal(worse({ done: 9, hang: 1 }, { done: 2, hang: 8 }), ['guests fail more often (8 of 10 boots, 1 of 10)']);
  assert.equal(worse({ done: 2, hang: 8 }, { done: 9, hang: 1 }), []);
  // Boots that nobody began say nothing of how often.
  assert.equal(worse({ done: 9, hang: 1, 'not-reached': 90 }, { done: 5, hang: 5 }), []);
});

test('Fisher’s own case: of four cups of eight, all four right by chance', () => {
  assert.ok(Math.abs(chanceOfSoMany({ all: 4, those: 0 }, { all: 4, those: 4 }) - 1 / 70) < 1e-12);
  assert.ok(Math.abs(chanceOfSoMany({ all: 4, those: 1 }, { all: 4, those: 3 }) - 17 / 70) < 1e-12);
  assert.is(chanceOfSoMany({ all: 3, those: 0 }, { all: 5, those: 0 }), 1);
});

test('boots that did not come to their end are said', () => {
  const { base, new: other } = compareEnds(boots({ done: 2 }), boots({ done: 3, hang: 1, aborted: 1 }));
  assert.is(endsDoubt(base, 'base'), null);
  assert.is(endsDoubt(other, 'new'), '2 of 5 boots of new did not come to their end (1 hang, 1 aborted)');
});

test.run();
