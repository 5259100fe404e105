// SPDX-License-Identifier: MIT
/**
 * The log-linear histogram of docs/guest-protocol.md: exact below 128, buckets less than 0.8% wide above, exact minimum,
 * maximum and sum. It is made by a guest, merged over windows, and asked for quantiles here.
 */
import {
  bucketBounds,
  bucketIndex,
  type HistogramData,
  histogramChecker,
  histogramLayout,
  histogramSubBits,
  histogramVersion,
} from '../../results/histogram-data.ts';
import { KeystormError } from '../../vm/failure.ts';

/** A quantile is given only if at least this many samples lie beyond it: fewer say little of the tail. */
export const samplesBeyond = 10;

/** How many samples a quantile needs before it is given. */
export function samplesNeeded(q: number): number {
  const tail = Math.min(q, 1 - q);
  // The subtraction keeps 1 - 0.99 = 0.010000000000000009 from asking for one sample too many or too few.
  return Math.ceil(samplesBeyond / tail - 1e-6);
}

export class Histogram {
  readonly #buckets = new Map<number, number>();
  #count = 0;
  #min: number | null = null;
  #max: number | null = null;
  #sum = 0;

  /** Reads the stored form. KeystormError (exit 2) for another layout or version, or one that contradicts itself. */
  static from(data: unknown): Histogram {
    const parsed = histogramChecker().safeParse(data);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const place = issue?.path.join('.') || 'it';
      throw new KeystormError(
        `Cannot read a histogram: ${place}: ${issue?.message}; it must be ${histogramLayout} version ${histogramVersion}.`,
      );
    }
    const histogram = new Histogram();
    for (const [index, count] of parsed.data.buckets) histogram.#buckets.set(index, count);
    histogram.#count = parsed.data.count;
    histogram.#min = parsed.data.min;
    histogram.#max = parsed.data.max;
    histogram.#sum = parsed.data.sum;
    return histogram;
  }

  /** A new histogram of all values of the given ones. */
  static merged(histograms: Iterable<Histogram>): Histogram {
    const result = new Histogram();
    for (const histogram of histograms) result.#add(histogram);
    return result;
  }

  #add(other: Histogram): void {
    for (const [index, count] of other.#buckets) this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + count);
    this.#count += other.#count;
    this.#sum += other.#sum;
    if (other.#min !== null) this.#min = this.#min === null ? other.#min : Math.min(this.#min, other.#min);
    if (other.#max !== null) this.#max = this.#max === null ? other.#max : Math.max(this.#max, other.#max);
  }

  /** Adds one value, a whole number of ns >= 0. RangeError for any other: silence here would be a made-up figure. */
  record(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`no latency in whole ns: ${value}`);
    const index = bucketIndex(value);
    this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + 1);
    this.#count++;
    this.#sum += value;
    this.#min = this.#min === null ? value : Math.min(this.#min, value);
    this.#max = this.#max === null ? value : Math.max(this.#max, value);
  }

  /** Number of values. */
  get count(): number {
    return this.#count;
  }

  /** Exact smallest value in ns; null if there is none. */
  get min(): number | null {
    return this.#min;
  }

  /** Exact largest value in ns; null if there is none. */
  get max(): number | null {
    return this.#max;
  }

  /** Exact sum in ns. */
  get sum(): number {
    return this.#sum;
  }

  /**
   * The value in ns below or at which the fraction q (between 0 and 1) of all values lies, to within the width of a
   * bucket (its middle is given). `beyond` more values are known to be longer than any recorded one. Null with fewer than
   * `samplesNeeded(q)` values, or if the quantile is one of those beyond.
   */
  quantile(q: number, beyond = 0): number | null {
    if (!(q > 0 && q < 1)) throw new RangeError(`no quantile: ${q}`);
    const total = this.#count + beyond;
    if (total < samplesNeeded(q)) return null;
    // The value of rank ceil(qN); the subtraction keeps 0.07 * 100 = 7.000000000000001 from becoming 8.
    let left = Math.max(1, Math.ceil(q * total - 1e-6));
    if (left > this.#count) return null;
    for (const [index, count] of this.#sorted()) {
      left -= count;
      if (left > 0) continue;
      const { low, high } = bucketBounds(index);
      return Math.min(Math.max(Math.floor((low + high) / 2), this.#min as number), this.#max as number);
    }
    throw new Error('a histogram lost count of its values');
  }

  #sorted(): [number, number][] {
    return [...this.#buckets].sort(([a], [b]) => a - b);
  }

  /** The stored form. */
  toJSON(): HistogramData {
    return {
      layout: histogramLayout,
      version: histogramVersion,
      sub_bits: histogramSubBits,
      unit: 'ns',
      count: this.#count,
      min: this.#min,
      max: this.#max,
      sum: this.#sum,
      buckets: this.#sorted(),
    };
  }
}
