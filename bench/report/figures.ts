// SPDX-License-Identifier: MIT
/** Metrics as the report looks at them: one value a boot, found by what it is about, and how ratios are made of two. */
import type { Metric } from '../measure/metric.ts';

/** What a figure came to in one boot. */
export type PerBoot = ReadonlyMap<
  number,
  { readonly value: number } | { readonly value: null; readonly reason: string }
>;

export type Where = Readonly<Record<string, string | number>>;

/** The one metric of that name whose dimensions include `where`; undefined if there is none. */
export function findMetric(metrics: readonly Metric[], name: string, where: Where): Metric | undefined {
  return metrics.find((metric) => metric.name === name && matches(metric, where));
}

/** Does it have every dimension of `where`, with that value? */
export function matches(metric: Pick<Metric, 'dimensions'>, where: Where): boolean {
  return Object.entries(where).every(([key, value]) => metric.dimensions[key] === value);
}

/** A metric's value in each boot; a metric that does not exist has none. */
export function perBoot(metric: Metric | undefined): PerBoot {
  return new Map(
    (metric?.samples ?? []).map(({ boot, value, reason }) => [
      boot,
      value === null ? { value, reason: reason ?? 'no-reason-given' } : { value },
    ]),
  );
}

/** Combines figures boot by boot: where one is missing the result is missing, for the same reason. */
export function combine(parts: readonly PerBoot[], how: (...values: number[]) => number): PerBoot {
  const boots = new Set(parts.flatMap((part) => [...part.keys()]));
  const result = new Map<number, { value: number } | { value: null; reason: string }>();
  for (const boot of boots) {
    const values: number[] = [];
    let reason: string | undefined;
    for (const part of parts) {
      const found = part.get(boot) ?? { value: null, reason: 'not-measured' };
      if (found.value === null) reason ??= found.reason;
      else values.push(found.value);
    }
    if (reason === undefined) {
      const value = how(...values);
      if (Number.isFinite(value)) result.set(boot, { value });
      else reason = 'division-by-zero';
    }
    if (reason !== undefined) result.set(boot, { value: null, reason });
  }
  return result;
}

/** A figure over the boots that have it, and what is to be said of the others. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly boots: number;
}

/** Median, extremes and number of the boots that have a value; null if none has. */
export function summarise(figure: PerBoot): Summary | null {
  const values = [...figure.values()].flatMap(({ value }) => (value === null ? [] : [value])).sort((a, b) => a - b);
  const [min, max] = [values[0], values.at(-1)];
  if (min === undefined || max === undefined) return null;
  const middle = (values.length - 1) / 2;
  const [low = 0, high = 0] = [values[Math.floor(middle)], values[Math.ceil(middle)]];
  return { median: (low + high) / 2, min, max, boots: values.length };
}

/** Why boots lack the figure: `too-few-samples in boot 0, guest-panic in boot 2`; empty if none does. */
export function reasonsMissing(figure: PerBoot): string {
  const boots = new Map<string, number[]>();
  for (const [boot, found] of figure) {
    if (found.value === null) boots.set(found.reason, [...(boots.get(found.reason) ?? []), boot]);
  }
  return [...boots]
    .map(([reason, which]) => `${reason} in boot${which.length === 1 ? '' : 's'} ${which.join(', ')}`)
    .join('; ');
}
