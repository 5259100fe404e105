// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import type { Sample } from './metric.ts';
import { areApart, chanceApart, overlapping, type Ranked, rangeOf } from './ranking.ts';

const test = suite('ranking');

const item = (name: string, low: number, high: number): Ranked => ({
  name,
  value: (low + high) / 2,
  low,
  high,
  boots: 3,
});
const names = (groups: readonly (readonly Ranked[])[]) => groups.map((group) => group.map(({ name }) => name));
const samples = (...values: (number | null)[]): { samples: Sample[] } => ({
  samples: values.map((value, boot) => ({ boot, block: boot, host: 'h', seed: 1, value })),
});

test('between those that overlap no order is claimed; who overlaps with nobody is ranked', () => {
  const all = [item('stock', 900, 1100), item('signal', 12, 20), item('fd', 10, 15), item('minimal', 100, 120)];
  assert.equal(names(overlapping(all)), [['fd', 'signal']]);
});

test('ranges that touch overlap', () => {
  assert.equal(names(overlapping([item('a', 1, 2), item('b', 2, 3)])), [['a', 'b']]);
  assert.not.ok(areApart(item('a', 1, 2), item('b', 2, 3)));
  assert.ok(areApart(item('b', 2.1, 3), item('a', 1, 2)));
});

test('a third that spans two is with each of them, and these are apart all the same', () => {
  const [low, high, wide] = [item('low', 1, 2), item('high', 5, 6), item('wide', 1.5, 5.5)];
  assert.equal(names(overlapping([high, low, wide])), [
    ['low', 'wide'],
    ['wide', 'high'],
  ]);
});

test('figures closer than a histogram can tell are not ranked', () => {
  const [a, b] = [rangeOf('a', samples(100, 100.1)), rangeOf('b', samples(100.6, 100.7))];
  assert.ok(a && b);
  assert.not.ok(areApart(a, b));
  const c = rangeOf('c', samples(102, 102.1));
  assert.ok(c);
  assert.ok(areApart(a, c));
});

test('one boot has no range, and who lacks a figure in some boot none that could be known', () => {
  assert.is(rangeOf('a', samples(5)), null);
  assert.is(rangeOf('a', samples(5, null, 9)), null);
  assert.equal(rangeOf('a', samples(5, 9))?.boots, 2);
  assert.is(rangeOf('a', samples(5, 6, 9))?.value, 6);
  assert.is(rangeOf('a', samples(5, 9))?.value, 7);
});

test('how far off a figure may be counts as part of its range', () => {
  const doubtful = { samples: samples(10, 10).samples.map((each) => ({ ...each, uncertainty: 3 })) };
  const range = rangeOf('a', doubtful);
  assert.ok(range && range.low < 7 && range.high > 13);
});

const anyItems = fc.array(
  fc.tuple(fc.nat(1000), fc.nat(200)).map(([low, width]) => item(`${low}`, low, low + width)),
  { maxLength: 14 },
);

test('two are in a group if and only if their ranges overlap, and no group is part of another', () => {
  fc.assert(
    fc.property(anyItems, (all) => {
      const groups = overlapping(all);
      for (const [index, a] of all.entries()) {
        for (const b of all.slice(index + 1))
          assert.is(
            groups.some((group) => group.includes(a) && group.includes(b)),
            !areApart(a, b),
          );
      }
      for (const group of groups)
        assert.is(groups.filter((other) => group.every((each) => other.includes(each))).length, 1);
    }),
  );
});

test('the chance that equals come apart is that of the orders in which they do', () => {
  assert.ok(Math.abs(chanceApart(3, 3) - 0.1) < 1e-12);
  assert.ok(Math.abs(chanceApart(5, 5) - 2 / 252) < 1e-12);
  assert.is(chanceApart(1, 1), 1);
});

test.run();
