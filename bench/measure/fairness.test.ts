// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { aCell, aContainer } from '../../results/testing/plans.ts';
import { suite } from '../testing/suite.ts';
import { changing, measured, one, panicInBoot1, reasons, values } from './testing/measured.ts';

const test = suite('fairness');

const window = { ms: 1000, maxRequests: 100, samples: false };
const cell = aCell({ containers: ['a', 'b', 'c'].map((name) => aContainer(name)), windows: [window, window] });

test('it is the least served over the most served, all windows together', () => {
  assert.equal(values(one(measured(cell, {}, 1), 'upcall.fairness')), [1]);
  // a: 100 + 100, b: 50 + 100, c: 100 + 20.
  const unfair = changing('window', ({ container, index }) => {
    if (container === 'b' && index === 0) return { in_time: 50 };
    return container === 'c' && index === 1 ? { in_time: 20 } : {};
  });
  assert.equal(values(one(measured(cell, unfair, 1), 'upcall.fairness')), [120 / 200]);
  // What it had under way at the end was answered afterwards.
  const starved = changing('window', ({ container }) => (container === 'b' ? { ok: 1, in_time: 0 } : {}));
  assert.equal(values(one(measured(cell, starved, 1), 'upcall.fairness')), [0]);
});

test('where nobody was served, or not everything is known, it is missing', () => {
  const nobody = changing('window', () => ({ ok: 0, in_time: 0 }));
  assert.equal(reasons(one(measured(cell, nobody, 1), 'upcall.fairness')), ['no-ok-requests']);
  assert.equal(reasons(one(measured(cell, panicInBoot1), 'upcall.fairness')), [undefined, 'guest-panic']);
});

test('one container is compared with nobody', () => {
  assert.not.ok(measured(aCell()).some(({ name }) => name === 'upcall.fairness'));
});

test.run();
