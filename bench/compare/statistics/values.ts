// SPDX-License-Identifier: MIT
/** What a statistic is made of: one number a boot, on the scale on which figures are subtracted (logarithms, where ratios are asked for). */

/** Base and new in blocks of their own: new − base of each block, in the order of blocks. */
export interface Paired {
  readonly kind: 'paired';
  readonly differences: readonly number[];
}

/** Boots of base and boots of new, with nothing to say which belong together. */
export interface Separate {
  readonly kind: 'separate';
  readonly base: readonly number[];
  readonly new: readonly number[];
}

export type Values = Paired | Separate;

/** How many there are: all values of a family have the same shape. */
export type Shape =
  | { readonly kind: 'paired'; readonly blocks: number }
  | { readonly kind: 'separate'; readonly base: number; readonly new: number };

export function shapeOf(values: Values): Shape {
  return values.kind === 'paired'
    ? { kind: 'paired', blocks: values.differences.length }
    : { kind: 'separate', base: values.base.length, new: values.new.length };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample: divided by n − 1. NaN with fewer than two. */
export function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

/** The standard error of the mean difference, and its degrees of freedom (Welch and Satterthwaite's where boots are not paired). */
export function standardError(values: Values): { readonly error: number; readonly freedom: number } {
  if (values.kind === 'paired') {
    const { differences } = values;
    return { error: Math.sqrt(variance(differences) / differences.length), freedom: differences.length - 1 };
  }
  const [m, n] = [values.base.length, values.new.length];
  const [a, b] = [variance(values.base) / m, variance(values.new) / n];
  const freedom = a + b > 0 ? (a + b) ** 2 / (a ** 2 / (m - 1) + b ** 2 / (n - 1)) : m + n - 2;
  return { error: Math.sqrt(a + b), freedom };
}
