// SPDX-License-Identifier: MIT
/** What `trend --json` prints: one versioned document. */
import { z } from 'zod';
import { scales, told } from '../compare/judged.ts';
import { leastNights } from './statistics/monitor.ts';
import { type Alert, type Followed, outcomes, states, type Trend } from './trend.ts';

export const trendSchemaName = 'keystorm/trend/1';

const series = {
  name: z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/),
  unit: z.enum(['ns', '1/s', '1', 'insn', 'virtual-ns', 'byte']),
  dimensions: z.record(z.string(), z.union([z.string(), z.number()])),
  /** What `change`, `scatter` and `detectable` are: 'ratio' after/before; 'share' and 'time' after − before, in the metric's unit. */
  scale: z.enum(scales),
  better: z.enum(['lower', 'higher']),
};
const night = z.strictObject({ run: z.string(), createdAt: z.iso.datetime({ precision: 3 }) });

export const trendDocumentSchema = z.strictObject({
  schema: z.literal(trendSchemaName),
  verdict: z.enum(outcomes),
  /** Why it is not known whether anything else has changed. */
  unsure: z.array(z.string()),
  /** The history's folder. */
  history: z.string(),
  nights: z.int().min(0),
  last: night.nullable(),
  options: z.strictObject({
    /** False alerts in 365 nights, in all series together. */
    budget: z.number(),
    deltas: z.strictObject({ ratio: z.number(), share: z.number(), time: z.number() }),
    /** Nights that a series is learned from. */
    leastNights: z.int(),
  }),
  /** The newest first. */
  alerts: z.array(
    z.strictObject({
      /** The same on every later night. */
      id: z.string().regex(/^[0-9a-f]{12}$/),
      ...series,
      verdict: z.enum(['regressed', 'improved']),
      open: z.boolean(),
      /** Raised on the last night. */
      fresh: z.boolean(),
      /** The first of the changed nights, and the one on which it was raised. */
      from: night,
      raised: night,
      before: z.number(),
      after: z.number(),
      change: z.number(),
      suspects: z.array(z.string()),
    }),
  ),
  series: z.array(
    z.strictObject({
      ...series,
      state: z.enum(states),
      /** Nights with a figure since it began, changed or was reset. */
      nights: z.int().min(0),
      /** The last level; null, like the next four, while it is learned. */
      level: z.number().nullable(),
      /** One standard deviation of nights: a ratio above 1, or a difference. */
      scatter: z.number().nullable(),
      /** Correlation with the night before. */
      likeness: z.number().nullable(),
      /** Nights are disturbed now and then. */
      restless: z.boolean().nullable(),
      /** What would be found within so many nights in 80 of 100 cases: a ratio above 1, or a difference. */
      detectable: z.strictObject({ change: z.number(), nights: z.int() }).nullable(),
      resets: z.array(z.strictObject({ from: night.nullable(), why: z.string() })),
    }),
  ),
});
export type TrendDocument = z.infer<typeof trendDocumentSchema>;

export function trendDocument(trend: Trend): TrendDocument {
  const { history, choice, nights, overall, unsure } = trend;
  const nightOf = (index: number) => {
    const each = nights[index];
    return each === undefined ? null : { run: each.runId, createdAt: each.createdAt };
  };
  const certainly = (index: number) => nightOf(index) ?? { run: 'unknown', createdAt: new Date(0).toISOString() };
  return {
    schema: trendSchemaName,
    verdict: overall,
    unsure: [...unsure],
    history: history.dir,
    nights: nights.length,
    last: nightOf(nights.length - 1),
    options: { budget: choice.budget, deltas: { ...choice.deltas }, leastNights },
    alerts: trend.alerts.map((alert: Alert) => ({
      id: alert.id,
      ...seriesDocument(alert.followed),
      verdict: alert.direction,
      open: alert.open,
      fresh: alert.fresh,
      from: certainly(alert.from),
      raised: certainly(alert.at),
      before: alert.before,
      after: alert.after,
      change: alert.change,
      suspects: [...alert.suspects],
    })),
    series: trend.series.map((each) => {
      const { reference, judged } = each;
      return {
        ...seriesDocument(each),
        state: each.state,
        nights: each.nights,
        level: reference === null ? null : told(judged.scale, reference.middle),
        scatter: reference === null ? null : told(judged.scale, reference.scatter),
        likeness: reference?.likeness ?? null,
        restless: reference?.restless ?? null,
        detectable:
          each.detectable === null || each.detectableNights === null
            ? null
            : { change: each.detectable, nights: each.detectableNights },
        resets: each.resets.map(({ night: index, why }) => ({ from: nightOf(index), why })),
      };
    }),
  };
}

function seriesDocument({ body: { name, unit, dimensions }, judged: { scale, better } }: Followed) {
  return { name, unit, dimensions: { ...dimensions }, scale, better };
}
