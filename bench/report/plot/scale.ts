// SPDX-License-Identifier: MIT
/** From figures to places on a page, and the figures worth naming there. */

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export interface Scale {
  /** The least and the greatest value that are on the page. */
  readonly domain: readonly [number, number];
  /** Where a value lies, in the page's units. */
  at(value: number): number;
  readonly ticks: readonly Tick[];
}

/** Both ends of an axis on the page; the second may be the smaller one, as it is for a vertical axis. */
export type Range = readonly [number, number];

export type Format = (value: number) => string;

/** Values from about the least to the greatest of `values`, equal steps for equal differences. `gap`: least distance of ticks. */
export function linearScale(values: readonly number[], range: Range, format: Format, gap = 40): Scale {
  const { min, max } = extremes(values);
  const pad = isOne(min, max) ? Math.abs(min) / 10 || 1 : 0;
  const most = Math.max(2, Math.floor(Math.abs(range[1] - range[0]) / gap));
  const step = niceStep((max - min + 2 * pad) / most);
  const [low, high] = [Math.floor((min - pad) / step + 1e-9) * step, Math.ceil((max + pad) / step - 1e-9) * step];
  const count = Math.round((high - low) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => tidy(low + index * step, step));
  return scale([low, high], range, (value) => value, ticks, format);
}

/** From 0 to exactly `end`, with ticks at round values. */
export function spanScale(end: number, range: Range, format: Format, gap = 60): Scale {
  const { ticks } = linearScale([0, end], range, format, gap);
  const inside = ticks.filter(({ value }) => value <= end);
  return { ...scale([0, end], range, (value) => value, [], format), ticks: inside };
}

/** Equal steps for equal factors; every value must be above zero. */
export function logScale(values: readonly number[], range: Range, format: Format, gap = 40): Scale {
  const { min, max } = extremes(values);
  if (!(min > 0)) throw new RangeError(`no place on a logarithmic axis: ${min}`);
  const [low, high] = [roundDown(min), roundUp(isOne(min, max) ? min * 1.01 : max)];
  const pixelsADecade = Math.abs(range[1] - range[0]) / Math.log10(high / low);
  return scale([low, high], range, Math.log10, logTicks(low, high, gap / pixelsADecade), format);
}

/**
 * Percentiles, the closer to 1 the wider apart: as far from 0.9 to 0.99 as from 0.99 to 0.999. From 0 to the greatest of
 * `values`, which must be below 1.
 */
export function tailScale(values: readonly number[], range: Range): Scale {
  const max = Math.max(0.9, ...values);
  const nines = [0.9, 0.99, 0.999, 0.9999, 0.99999].filter((p) => p <= max);
  const ticks = [0, 0.5, ...nines];
  return scale(
    [0, max],
    range,
    (p) => -Math.log10(1 - p),
    ticks,
    (p) => (p === 0 ? '0' : `p${+(p * 100).toFixed(4)}`),
  );
}

function scale(
  domain: readonly [number, number],
  [from, to]: Range,
  bend: (value: number) => number,
  ticks: readonly number[],
  format: Format,
): Scale {
  const [low, high] = [bend(domain[0]), bend(domain[1])];
  return {
    domain,
    at: (value) => from + ((bend(value) - low) / (high - low)) * (to - from),
    ticks: ticks.map((value) => ({ value, label: format(value) })),
  };
}

function extremes(values: readonly number[]): { readonly min: number; readonly max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (!Number.isFinite(min) || !Number.isFinite(max)) throw new RangeError('an axis needs values');
  return { min, max };
}

/** No two places on a page. */
function isOne(min: number, max: number): boolean {
  return max - min <= Math.abs(max) * 1e-6;
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

/** 0.30000000000000004 is 0.3. */
function tidy(value: number, step: number): number {
  const digits = Math.max(0, 1 - Math.floor(Math.log10(step)));
  return Number(value.toFixed(Math.min(digits, 20)));
}

/** Numbers at which an axis may begin and end. */
const round = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([...round].reverse().find((factor) => factor * power <= value * (1 + 1e-9)) ?? 1) * power;
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return (round.find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** Round values with equal differences, no two nearer than `apart` decades. */
function evenTicks(low: number, high: number, apart: number): number[] {
  const least = high * (1 - 10 ** -apart);
  const step = niceStep(Math.max(least, (high - low) / 6));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: Math.max(0, count) }, (_, index) => tidy((first + index) * step, step));
  return ticks.length >= 2 ? ticks : [low, high];
}

/** The densest of a few usual sets of ticks that are all at least `apart` decades from one another. */
function logTicks(low: number, high: number, apart: number): number[] {
  // Within less than a decade or so, equal differences are what one reads best.
  if (high / low < 5) return evenTicks(low, high, apart);
  const sets: readonly { readonly factors: readonly number[]; readonly gap: number; readonly every: number }[] = [
    { factors: [1, 2, 5], gap: Math.log10(2), every: 1 },
    { factors: [1, 3], gap: Math.log10(3), every: 1 },
    { factors: [1], gap: 1, every: 1 },
    { factors: [1], gap: 2, every: 2 },
    { factors: [1], gap: 3, every: 3 },
  ];
  for (const { factors, gap, every } of sets) {
    if (gap < apart) continue;
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      if (power % every === 0) ticks.push(...factors.map((factor) => Number(`${factor}e${power}`)));
    }
    const inside = ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
    if (inside.length >= 2) return inside;
  }
  return [low, high];
}
