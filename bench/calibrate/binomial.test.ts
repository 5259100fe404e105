// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { shareAtLeast, shareAtMost } from './binomial.ts';

const test = suite('exact intervals of a share');

const near = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) < 5e-5, `${value} is not ${wanted}`);

test('bounds are those of tables', () => {
  // 1 − 0.025^(1/n) where nothing was seen.
  near(shareAtMost(0, 200), 0.01828);
  near(shareAtLeast(50, 50), 0.92887);
  near(shareAtMost(3, 10), 0.65245);
  near(shareAtLeast(3, 10), 0.06674);
});

test('who has seen all or nothing knows one side alone', () => {
  assert.is(shareAtMost(7, 7), 1);
  near(shareAtLeast(0, 7), 0);
});

test.run();
