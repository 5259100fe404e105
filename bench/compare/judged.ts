// SPDX-License-Identifier: MIT
/** Which figures are compared, and what is better: a table, so that what is not in it is no part of the correction for many. */

import { meanCount, typicalCount } from '../measure/counted-names.ts';
import type { Metric } from '../measure/metric.ts';
import { resolution } from '../measure/ranking.ts';

/** How two figures are held against one another. */
export const scales = ['ratio', 'share', 'time'] as const;
/** 'ratio': new over base. 'share' (of 1) and 'time' (ns): new less base, for what may be nothing at all. */
export type Scale = (typeof scales)[number];

/** What is too little to matter, for each scale: a share more or less of the ratio, a share of all requests, nanoseconds. */
export type Deltas = Readonly<Record<Scale, number>>;
export const defaultDeltas: Deltas = { ratio: 0.05, share: 0.01, time: 100e6 };
/** Where instructions are counted: a host has no part in them. */
export const countedDeltas: Deltas = { ...defaultDeltas, ratio: 0.005 };

export interface JudgedMetric {
  readonly better: 'lower' | 'higher';
  readonly scale: Scale;
  /** Two figures may differ by so much of their size without any difference that a histogram could tell; absent: they are exact. */
  readonly resolution?: number;
  /** Held against one another are single requests, not the figure that a boot comes to. */
  readonly requestByRequest?: boolean;
  /** Of too few requests, or of too rare ones, to be told as exactly as others: its delta of ratios is so many times theirs; absent: 1. */
  readonly coarseness?: number;
}

const quantile: JudgedMetric = { better: 'lower', scale: 'ratio', resolution: 2 * resolution };

/** A p999 and a maximum are left out: they are of too few requests to be alike from boot to boot. */
const judged: Readonly<Record<string, JudgedMetric>> = {
  'upcall.latency.p50': quantile,
  'upcall.latency.p90': quantile,
  'upcall.latency.p99': quantile,
  'upcall.throughput': { better: 'higher', scale: 'ratio' },
  'upcall.error_share': { better: 'lower', scale: 'share' },
  'hit.latency.p50': quantile,
  'hit.latency.p99': quantile,
  'storm.round.p50': quantile,
  'storm.round.p90': quantile,
  'upcall.fairness': { better: 'higher', scale: 'ratio' },
  'recovery.time': { better: 'lower', scale: 'ratio' },
  'recovery.after_restart': { better: 'lower', scale: 'ratio' },
  'recovery.steady_time': { better: 'lower', scale: 'time' },
  'bystander.p99_ratio': quantile,
  'bystander.service_ratio': { better: 'higher', scale: 'ratio' },
};

/** Of guests that count instructions, whatever is not told request by request. */
export const coarseness = 10;

/**
 * Of guests that count instructions. A quantile is told from a histogram to within 0.8%, and jumps where requests take one of a few figures; what it says is
 * said by the requests themselves. The mean and whatever else there is are there to see what does not concern the path that all requests go.
 */
const counted: Readonly<Record<string, JudgedMetric>> = {
  [typicalCount]: { better: 'lower', scale: 'ratio', requestByRequest: true },
  [meanCount]: { better: 'lower', scale: 'ratio', coarseness },
};
const saidByRequests = /^upcall\.latency\./;

/** Names that `--metric` takes. */
export const judgedNames = Object.keys(judged);
/** And those that only guests that count instructions have. */
export const comparedNames = [...judgedNames, ...Object.keys(counted)];

/** What no change of a mechanism should move: if these differ, the host or the kernel does. Shown, not judged. */
const control = /^floor\./;

export function isControl({ name }: Metric): boolean {
  return control.test(name);
}

/**
 * Null for what is not judged: other figures, and those of windows that are there for the study of the instruments. One by one errnos
 * are told, not judged: all together are.
 */
export function judgedAs({ name, dimensions }: Pick<Metric, 'name' | 'dimensions'>): JudgedMetric | null {
  const { phase, errno = 'all' } = dimensions;
  if (phase === 'batch' || phase === 'stages' || errno !== 'all') return null;
  return judged[name] ?? null;
}

/** The same for two runs that are compared, which may be of guests that count instructions. */
export function comparedAs(metric: Pick<Metric, 'name' | 'dimensions'>): JudgedMetric | null {
  const usual = judgedAs(metric);
  if (metric.dimensions.clock !== 'icount') return usual;
  const own = metric.dimensions.phase === 'stages' ? undefined : counted[metric.name];
  if (own !== undefined) return own;
  return usual === null || saidByRequests.test(metric.name) ? null : { ...usual, coarseness };
}

/** A figure on the scale on which figures are subtracted; or why it has no place there. */
export function placeOn(scale: Scale, value: number): { readonly place: number } | { readonly reason: string } {
  if (!Number.isFinite(value)) return { reason: 'not-a-number' };
  if (scale !== 'ratio') return { place: value };
  return value > 0 ? { place: Math.log(value) } : { reason: 'no-ratio-to-zero' };
}

/** A difference of places as it is told: a ratio, or the difference itself. */
export function told(scale: Scale, difference: number): number {
  return scale === 'ratio' ? Math.exp(difference) : difference;
}

/** A delta on the scale of places. */
export function placedDelta(
  { scale, coarseness: times = 1 }: Pick<JudgedMetric, 'scale' | 'coarseness'>,
  deltas: Deltas,
): number {
  return scale === 'ratio' ? Math.log1p(deltas.ratio * times) : deltas[scale];
}
