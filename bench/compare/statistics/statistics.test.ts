// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { normalQuantile } from '../../measure/normal-quantile.ts';
import { shiftBetween } from '../../measure/rank-sum.ts';
import { suite } from '../../testing/suite.ts';
import { testTogether } from './family.ts';
import { answer, type Question, shiftIn } from './judgement.ts';
import { leastAlpha, leastBoots, leastChance, relabellings, relabellingsOf } from './relabelling.ts';
import type { Values } from './values.ts';

const test = suite('the statistics of compare');

const delta = Math.log(1.05);
const paired = (differences: readonly number[]): Values => ({ kind: 'paired', differences });
const separate = (base: readonly number[], other: readonly number[]): Values => ({
  kind: 'separate',
  base,
  new: other,
});
const question = (values: Values): Question => ({ values, better: 'lower', delta });
const one = (values: Values) => answer([question(values)], 0.01).answers[0];
/** Ten boots that scatter a little about `middle`. */
const about = (middle: number, size = 0.01) =>
  [-1.4, 0.3, 0.9, -0.2, 1.1, -0.8, 0.4, -0.6, 0.1, 0.2].map((z) => middle + size * z);

test('quantiles are those of the table', () => {
  for (const [p, z] of [
    [0.975, 1.959964],
    [0.995, 2.575829],
    [0.5, 0],
    [0.001, -3.090232],
  ] as const)
    assert.ok(Math.abs(normalQuantile(p) - z) < 1e-6);
  assert.throws(() => normalQuantile(0), RangeError);
});

test('every relabelling comes once, and there are as many as are said', () => {
  for (const shape of [
    { kind: 'paired', blocks: 6 },
    { kind: 'separate', base: 3, new: 4 },
  ] as const) {
    const { kind, count, others } = relabellings(shape);
    const seen = new Set<string>();
    // The array is used again.
    for (const labels of others()) seen.add(labels.join());
    // What they were called is the one that is lacking.
    assert.equal([kind, seen.size, relabellingsOf(shape)], ['all', count - 1, count]);
  }
  assert.equal(relabellings({ kind: 'paired', blocks: 30 }).kind, 'drawn');
});

test('how many boots a finding takes at the least', () => {
  assert.equal([leastBoots('paired', 0.01), leastBoots('paired', 0.05)], [8, 6]);
  assert.equal([leastBoots('separate', 0.01), leastBoots('separate', 0.05)], [5, 4]);
  assert.is(leastChance({ kind: 'paired', blocks: 8 }), 2 / 256);
  assert.is(leastChance({ kind: 'separate', base: 5, new: 5 }), 2 / 252);
});

test('a published case of one metric: Fisher’s permutation of Darwin’s maize, 863 × 2 of 32768', () => {
  const inches = [6.125, -8.375, 1, 2, 0.75, 2.875, 3.5, 5.125, 1.75, 3.625, 7, 3, 9.375, 7.5, -6];
  const { tested, relabellings: of } = testTogether([paired(inches)], 0.05);
  // Of all 16384; here 10,000 are drawn.
  assert.is(of.kind, 'drawn');
  assert.ok(Math.abs((tested[0]?.chance ?? 0) - 1726 / 32768) < 0.007);
});

test('a metric is not called different for being one of many', () => {
  const found = testTogether([paired(about(0.1)), paired(about(0)), paired(about(0.004))], 0.01);
  const alone = testTogether([paired(about(0.004))], 0.01);
  const [large, none, small] = found.tested;
  assert.is(large?.chance, 2 / 1024);
  assert.ok((none?.chance ?? 0) > 0.5);
  assert.ok((small?.chance ?? 0) >= (alone.tested[0]?.chance ?? 1));
  assert.ok((large?.t ?? 0) > (found.critical ?? Number.POSITIVE_INFINITY));
});

test('the rank-sum interval is that of R: wilcox.test(conf.int = TRUE)', () => {
  const [x, y] = [
    [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.9, 0.74, 1.21],
  ];
  // Hollander and Wolfe, permeability of membranes: 0.305 for x − y, and at 95% from −0.15 to 0.76.
  const shift = shiftBetween(y, x);
  assert.ok(shift !== null && Math.abs(shift.estimate - 0.305) < 1e-9);
  assert.ok(
    shift !== null && Math.abs(shift.interval.low + 0.15) < 1e-9 && Math.abs(shift.interval.high - 0.76) < 1e-9,
  );
  assert.is(shiftBetween([1, 2, 3], [4, 5, 6]), null);
});

test('the rank-sum interval of many boots is that of the normal approximation', () => {
  const ramp = Array.from({ length: 51 }, (_, i) => i);
  // Of 2601 differences the one of rank ⌊1300.5 − 1.95996 · √(51 · 51 · 103 / 12)⌋ = 1007: there are 1035 up to −6, 990 below.
  const shift = shiftBetween(ramp, ramp);
  assert.equal([shift?.estimate, shift?.interval.low, shift?.interval.high], [0, -6, 6]);
});

test('each of the four verdicts', () => {
  assert.is(one(paired(about(0.1)))?.outcome, 'regressed');
  assert.is(one(paired(about(-0.1)))?.outcome, 'improved');
  assert.is(one(paired(about(0.004)))?.outcome, 'unchanged');
  assert.is(one(paired(about(0.02, 0.08)))?.outcome, 'underpowered');
  assert.is(one(separate(about(0), about(0.1)))?.outcome, 'regressed');
  assert.is(one(separate(about(0), about(0)))?.outcome, 'unchanged');
  const [higher] = answer([{ ...question(paired(about(0.1))), better: 'higher' }], 0.01).answers;
  assert.is(higher?.outcome, 'improved');
});

test('a difference that is certain, and certainly too little to matter, is no regression', () => {
  const found = one(paired(about(0.02, 0.001)));
  assert.ok(found !== undefined && found.chance <= 0.01 && (found.interval?.low ?? 0) > 0);
  assert.is(found?.outcome, 'unchanged');
});

test('what is underpowered is told what would have been found, and how many boots it takes', () => {
  const found = one(paired(about(0.02, 0.08)));
  assert.is(found?.outcome, 'underpowered');
  assert.ok((found?.detectable ?? 0) > delta && (found?.bootsNeeded ?? 0) > 10);
  // Too few for any finding, however large.
  const few = one(paired([0.1, 0.11, 0.1]));
  assert.equal([few?.outcome, few?.interval, few?.detectable], ['underpowered', null, null]);
  assert.ok((few?.bootsNeeded ?? 0) >= 8);
  for (const single of [paired([5]), separate([1], [2])]) {
    const alone = one(single);
    assert.equal([alone?.outcome, alone?.chance, alone?.bootsNeeded], ['underpowered', 1, null]);
  }
});

test('an interval is never narrower than what the figures can tell apart', () => {
  const [found] = answer([{ ...question(paired(new Array(10).fill(0))), resolution: 0.008 }], 0.01).answers;
  assert.equal(found?.interval, { low: -0.008, high: 0.008, confidence: 0.95 });
  assert.is(found?.outcome, 'unchanged');
});

test('exchanging base and new turns every answer round', () => {
  const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 6 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      const [there, back] = [one(separate(a, b)), one(separate(b, a))];
      const turned = {
        regressed: 'improved',
        improved: 'regressed',
        unchanged: 'unchanged',
        underpowered: 'underpowered',
      };
      assert.is(back?.outcome, turned[there?.outcome ?? 'unchanged']);
      assert.ok(Math.abs((there?.estimate ?? 0) + (back?.estimate ?? 0)) < 1e-9);
    }),
    { numRuns: 30 },
  );
});

test('a shift that is not tested is the one that is', () => {
  for (const values of [paired(about(0.1)), separate(about(0), about(0.1)), paired([0.1, 0.2])]) {
    const { estimate, interval } = one(values) ?? {};
    assert.equal(shiftIn(values), { estimate, interval });
  }
});

test('the least alpha is one that many boots undercut, and none below', () => {
  const blocks = new Array(40).fill(0).map((_, i) => 0.1 + i / 1000);
  const outcomeAt = (alpha: number) => answer([question(paired(blocks))], alpha).answers[0];
  assert.is(outcomeAt(leastAlpha)?.outcome, 'regressed');
  const below = outcomeAt(leastAlpha * 0.9);
  assert.equal([below?.outcome, below?.detectable], ['underpowered', null]);
});

test('values of other boots cannot be tested together', () => {
  assert.throws(() => testTogether([paired([1, 2]), paired([1])], 0.01), RangeError);
  assert.throws(() => testTogether([], 0.01), RangeError);
});

test.run();
