// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { median } from './median.ts';
import { requestShift } from './request-shift.ts';

const test = suite('by how much requests take more');

const ascending = (values: number[]) => [...values].sort((a, b) => a - b);
const requests = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 }).map(ascending);

test('it is the median of all differences', () => {
  fc.assert(
    fc.property(requests, requests, (base, other) => {
      const all = other.flatMap((value) => base.map((from) => value - from));
      assert.is(requestShift(base, other), median(all));
    }),
  );
});

test('it is the same both ways round, also where half of all differences lie far below the other half', () => {
  assert.is(requestShift([0], [0, 8_000]), 4_000);
  assert.is(requestShift([0, 8_000], [0]), -4_000);
  fc.assert(
    fc.property(requests, requests, (base, other) => {
      assert.is(requestShift(base, other) + requestShift(other, base), 0);
    }),
  );
});

test('what all requests take more is found to the instruction, whatever else a few of them meet', () => {
  fc.assert(
    fc.property(requests, fc.integer({ min: -300, max: 300 }), (base, more) => {
      assert.is(
        requestShift(
          base,
          base.map((value) => value + more),
        ) - requestShift(base, base),
        more,
      );
    }),
  );
});

test('where requests take one of a few figures, a few more of the one than of the other do not move it as they move a median and a mean', () => {
  const steps = [48_000, 56_000, 64_000, 72_000];
  const of = (counts: readonly number[], more: number) =>
    steps.flatMap((step, i) => Array.from({ length: counts[i] ?? 0 }, (_, k) => step + more + (k % 7)));
  const [base, other] = [of([26, 26, 24, 24], 0), of([24, 24, 26, 26], 640)];
  const middle = (values: readonly number[]) => values[values.length >> 1] as number;
  assert.ok(middle(other) - middle(base) > 8_000);
  assert.ok(Math.abs(requestShift(base, other) - 640) < 7);
});

test.run();
