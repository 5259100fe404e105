// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { bucketBounds, bucketIndex } from '../../results/histogram-data.ts';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { Histogram, samplesNeeded } from './histogram.ts';

const test = suite('histogram');

const values = fc.array(fc.oneof(fc.nat(300), fc.nat(2_000_000), fc.nat(Number.MAX_SAFE_INTEGER)), { maxLength: 300 });
/** Latencies small enough that sums stay exact. */
const latencies = fc.array(fc.nat(10_000_000_000), { minLength: 20, maxLength: 3000 });

function of(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of list) histogram.record(value);
  return histogram;
}

test('a bucket holds exactly the values between its bounds', () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat(1000), fc.nat(Number.MAX_SAFE_INTEGER)), (value) => {
      const { low, high } = bucketBounds(bucketIndex(value));
      assert.ok(low <= value && value <= high);
      assert.is(bucketIndex(low), bucketIndex(high));
      assert.is(bucketIndex(high + 1), bucketIndex(high) + 1);
      assert.ok(high - low < 0.008 * Math.max(low, 1), `${low}..${high} is too wide`);
    }),
  );
});

test('bucket numbers are those of the protocol', () => {
  const known = [
    [0, 0],
    [127, 127],
    [128, 128],
    [255, 255],
    [256, 256],
    [257, 256],
    [258, 257],
    [511, 383],
    [512, 384],
    // 1,000,000: e = 19, (19 - 6) * 128 + (1e6 >> 12) - 128 = 1664 + 244 - 128
    [1_000_000, 1780],
    [2 ** 40, (40 - 6) * 128],
    [2 ** 53 - 1, (53 - 6) * 128 - 1],
  ] as const;
  for (const [value, index] of known) assert.is(bucketIndex(value), index, `${value}`);
});

test('a quantile is in the bucket of the exact one, and none is given without ten samples beyond it', () => {
  fc.assert(
    fc.property(latencies, fc.constantFrom(0.1, 0.5, 0.9, 0.99, 0.999), (list, q) => {
      const exact = [...list].sort((a, b) => a - b);
      const rank = Math.ceil(q * list.length - 1e-6);
      const beyond = q >= 0.5 ? list.length - rank : Math.floor(q * list.length + 1e-6);
      const found = of(list).quantile(q);
      assert.is(found !== null, beyond >= 10, `${list.length} values, ${beyond} beyond`);
      if (found !== null) assert.is(bucketIndex(found), bucketIndex(exact[rank - 1] as number));
    }),
    { numRuns: 60 },
  );
});

test('twenty samples give a median, a thousand a p99, ten thousand a p999', () => {
  for (const [q, needed] of [
    [0.5, 20],
    [0.9, 100],
    [0.99, 1000],
    [0.999, 10_000],
  ] as const) {
    assert.is(samplesNeeded(q), needed);
    const histogram = of(Array.from({ length: needed - 1 }, (_, i) => i));
    assert.is(histogram.quantile(q), null);
    histogram.record(needed);
    assert.type(histogram.quantile(q), 'number');
  }
});

test('count, min, max and sum are exact', () => {
  fc.assert(
    fc.property(latencies, (list) => {
      const histogram = of(list);
      assert.is(histogram.count, list.length);
      assert.is(histogram.min, Math.min(...list));
      assert.is(histogram.max, Math.max(...list));
      assert.is(
        histogram.sum,
        list.reduce((a, b) => a + b, 0),
      );
    }),
    { numRuns: 30 },
  );
});

test('merging is recording into one, in any grouping and order', () => {
  const small = fc.array(fc.nat(1_000_000_000), { maxLength: 100 });
  fc.assert(
    fc.property(small, small, small, (a, b, c) => {
      const all = of([...a, ...b, ...c]).toJSON();
      const left = Histogram.merged([Histogram.merged([of(a), of(b)]), of(c)]);
      const right = Histogram.merged([of(a), Histogram.merged([of(b), of(c)])]);
      assert.equal(left.toJSON(), all);
      assert.equal(right.toJSON(), all);
      assert.equal(Histogram.merged([of(c), of(a), of(b)]).toJSON(), all);
    }),
    { numRuns: 50 },
  );
});

test('what is stored is read back the same, the empty one too', () => {
  fc.assert(
    fc.property(values, (list) => {
      const data = of(list.map((value) => value % 2 ** 40)).toJSON();
      assert.equal(Histogram.from(JSON.parse(JSON.stringify(data))).toJSON(), data);
    }),
  );
  assert.equal(new Histogram().toJSON().min, null);
});

test('another layout or version, and one that contradicts itself, are refused with the place', () => {
  const data = of([1, 1000, 100_000]).toJSON();
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ layout: 'linear' }, /layout/],
    [{ version: 2 }, /version/],
    [{ sub_bits: 6 }, /sub_bits/],
    [{ unit: 'us' }, /unit/],
    [{ count: 4 }, /buckets hold 3 values, count says 4/],
    [{ min: 2 }, /min/],
    [{ max: null }, /max/],
    [{ buckets: [...data.buckets].reverse() }, /ascending/],
    [{ count: 0, buckets: [] }, /empty/],
  ];
  for (const [change, message] of cases) {
    assert.throws(
      () => Histogram.from({ ...data, ...change }),
      (error: unknown) => error instanceof KeystormError && message.test(error.message),
    );
  }
});

test('a value that is no whole number of ns is refused, not swallowed', () => {
  for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => new Histogram().record(value), /whole ns/);
  }
});

test('values known to lie beyond count for every quantile, and are never given as one', () => {
  const histogram = new Histogram();
  for (let i = 1; i <= 90; i++) histogram.record(i);
  assert.is(histogram.quantile(0.9), null);
  assert.is(histogram.quantile(0.9, 10), 90);
  assert.is(histogram.quantile(0.5, 10), 50);
  assert.is(histogram.quantile(0.9, 11), null);
  assert.is(new Histogram().quantile(0.5, 100), null);
});

test.run();
