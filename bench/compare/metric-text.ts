// SPDX-License-Identifier: MIT
/** A compared metric in words: what it is of, what it came to, and by how much it differs. */
import { ratio, threeDigits } from '../report/format.ts';
import { plainText } from '../report/plain-text.ts';
import { durationText } from '../report/spread.ts';
import type { Compared } from './figures.ts';
import type { Scale } from './judged.ts';

/** `upcall.latency.p99 of latency × keyagent-fd, subject closed:1`. */
export function metricName({ name, dimensions }: Pick<Compared, 'name' | 'dimensions'>): string {
  const { scenario, mechanism, depth, container, load, phase } = dimensions;
  const cell = [scenario, mechanism].filter((part) => part !== undefined).join(' × ');
  const slice = [container, load, phase === 'fault' ? 'under fault' : undefined].filter((part) => part !== undefined);
  const below = depth === undefined ? [] : [`${depth} below`];
  return plainText(`${name} of ${[cell, ...below, slice.join(' ')].filter((part) => part !== '').join(', ')}`);
}

/** `1.2 ms`, `3%`, `400/s`; a dash for what is not there. */
export function figureText({ unit, scale }: Pick<Compared, 'unit' | 'scale'>, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'ns' || unit === 'virtual-ns') return durationText(value);
  return scale === 'share' ? percent(value) : `${threeDigits(value)}${unitTexts[unit] ?? ` ${unit}`}`;
}

/** Of units that do not stand as they are behind a number. */
const unitTexts: Partial<Record<Compared['unit'], string>> = { '1': '', '1/s': '/s' };

/** `1.07× [1.05..1.09]`, or the difference where there is no ratio. */
export function valueText({
  unit,
  scale,
  value,
  interval,
}: Pick<Compared, 'unit' | 'scale' | 'value' | 'interval'>): string {
  if (value === null) return '–';
  const part = (each: number) => partText(scale, each, unit === 'insn' ? countDigits : usualDigits);
  const range = interval === null ? '' : ` [${part(interval.low)}..${part(interval.high)}]`;
  return `${part(value)}${range}`;
}

/** A ratio near 1 is told to the tenth of a percent; of instructions to the hundredth. */
const usualDigits = 4;
const countDigits = 5;

export function partText(scale: Scale, value: number, digits = usualDigits): string {
  // One far below 1 is told as its inverse.
  if (scale === 'ratio') return value < 0.2 ? ratio(value) : `${value.toPrecision(digits)}×`;
  const sign = value > 0 ? '+' : '';
  return `${sign}${scale === 'share' ? pointsText(value) : durationText(value)}`;
}

/** A change that would have been found: `5.6%`, `+2 points`. */
export function effectText(scale: Scale, value: number): string {
  return scale === 'ratio' ? `${threeDigits((value - 1) * 100)}%` : partText(scale, value);
}

/** A difference of shares: `0.5 points`. */
export function pointsText(share: number): string {
  const points = threeDigits(share * 100);
  return `${points} ${/^-?1$/.test(points) ? 'point' : 'points'}`;
}

/** `3.1%` of a share of 1. */
export function percent(share: number): string {
  return `${threeDigits(share * 100)}%`;
}
