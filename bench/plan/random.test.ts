// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { randomOf } from './random.ts';

const test = suite('the seeded source of numbers');

test('a seed repeats its numbers, and another seed gives others', () => {
  const take = (seed: number) => {
    const random = randomOf(seed);
    return Array.from({ length: 8 }, () => random.int());
  };
  assert.equal(take(7), take(7));
  assert.not.equal(take(7), take(8));
});

test('a shuffle keeps every item once and leaves its argument alone', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(fc.integer()), (seed, items) => {
      const before = [...items];
      const shuffled = randomOf(seed).shuffle(items);
      assert.equal(items, before);
      assert.equal([...shuffled].sort(), [...items].sort());
    }),
  );
});

test('a shuffle favours no order', () => {
  const counts = new Map<string, number>();
  const random = randomOf(1);
  for (let round = 0; round < 6_000; round++) {
    const order = random.shuffle(['a', 'b', 'c']).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.is(counts.size, 6);
  // Each of the six is expected 1,000 times with a standard deviation of 29; 150 is more than five of them.
  for (const [order, count] of counts) assert.ok(Math.abs(count - 1_000) < 150, `${order}: ${count}`);
});

test('numbers stay within their bounds', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1_000 }), (seed, n) => {
      const random = randomOf(seed);
      const [below, unit, int] = [random.below(n), random.unit(), random.int()];
      assert.ok(Number.isInteger(below) && below >= 0 && below < n);
      assert.ok(unit >= 0 && unit < 1);
      assert.ok(Number.isInteger(int) && int >= 0 && int < 2 ** 31);
    }),
  );
});

test.run();
