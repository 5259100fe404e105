// SPDX-License-Identifier: MIT
/** What a night says of all that it asks about and that may be an alert, each with an id that is the same every night. */
import { createHash } from 'node:crypto';
import type { OpenAlert } from '../../results/nightly-state.ts';
import type { Comparison } from '../compare/compare.ts';
import { moreOften, ofGuest, worseEnds } from '../compare/ends.ts';
import type { Compared } from '../compare/figures.ts';
import { metricName, partText, valueText } from '../compare/metric-text.ts';
import { sharedDimensions } from '../compare/side.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Dimensions } from '../measure/metric.ts';
import { cellName } from '../report/cell-name.ts';
import { plainText } from '../report/plain-text.ts';
import { dayOf } from '../trend/text.ts';
import type { Trend } from '../trend/trend.ts';
import type { Look, Standing } from './alerts.ts';

/** More of an evidence belongs into the report of the run. */
const mostEvidence = 160;

export interface Findings {
  /** Of new against the baseline; null where there was nothing to compare. */
  readonly comparison: Comparison | null;
  /** Of new. */
  readonly verdicts: readonly Verdict[];
  readonly trend: Trend;
  /** The baseline in one word: a metric that is worse than another one is another alert. */
  readonly baseline: string;
}

/** Each id once. `before`: what is open, of which nothing is known where nothing was compared. Pure. */
export function looksOf({ comparison, verdicts, trend, baseline }: Findings, before: readonly OpenAlert[]): Look[] {
  const compared =
    comparison === null
      ? before.filter(({ kind }) => kind === 'metric' || kind === 'guest').map((alert): Look => unknown(alert))
      : [...metricLooks(comparison, baseline), ...guestLooks(comparison, baseline)];
  return [...compared, ...verdictLooks(verdicts), ...trendLooks(trend)];
}

function unknown({ id, kind, what }: OpenAlert): Look {
  return { id, kind, what, standing: 'unknown' };
}

const standingOf: Readonly<Record<Compared['outcome'], Standing>> = {
  regressed: 'bad',
  improved: 'good',
  unchanged: 'good',
  underpowered: 'unknown',
};

function metricLooks({ figures }: Comparison, baseline: string): Look[] {
  const told = figures.metrics.map(
    (metric): Look => ({
      id: metricId(metric, baseline),
      kind: 'metric',
      what: `${metricName(metric)} ${valueText(metric)} against ${plainText(baseline)}`,
      standing: standingOf[metric.outcome],
    }),
  );
  const nowhere = figures.nowhere.map(
    (metric): Look => ({
      id: metricId(metric, baseline),
      kind: 'metric',
      what: `${metricName(metric)}: no figure, of the baseline neither`,
      standing: 'unknown',
    }),
  );
  return [...told, ...nowhere];
}

/** How many open alerts are of a metric that nobody had tonight. */
export function openNowhere({ figures }: Comparison, baseline: string, open: readonly Pick<OpenAlert, 'id'>[]): number {
  const ids = new Set(figures.nowhere.map((metric) => metricId(metric, baseline)));
  return open.filter(({ id }) => ids.has(id)).length;
}

function metricId({ name, unit, dimensions }: Pick<Compared, 'name' | 'unit' | 'dimensions'>, baseline: string) {
  return idOf('metric', baseline, name, unit, dimensions);
}

function guestLooks({ behaviour: { ends }, choice }: Comparison, baseline: string): Look[] {
  const worse = new Map(worseEnds(ends, choice.alpha).map(({ kind, what }) => [kind, what]));
  return [...ofGuest, moreOften].map((kind): Look => {
    const what = worse.get(kind);
    const id = idOf('guest', baseline, kind);
    if (what !== undefined) return { id, kind: 'guest', what, standing: 'bad' };
    // Where guests of both fail so, nothing says that new is worse; nor that it is not.
    const seen = kind !== moreOften && ends.new[kind] !== undefined;
    return { id, kind: 'guest', what: `guests: no ${kind} beyond the baseline's`, standing: seen ? 'unknown' : 'good' };
  });
}

function verdictLooks(verdicts: readonly Verdict[]): Look[] {
  const standings = { fail: 'bad', pass: 'good', unknown: 'unknown' } as const;
  return verdicts.map(({ oracle, dimensions, property, expected, verdict, evidence }) => ({
    id: idOf('verdict', oracle, sharedDimensions('runs', dimensions)),
    kind: 'verdict',
    what: plainText(`${oracle} of ${cellName(dimensions)}: ${property}, expected ${expected}: ${short(evidence)}`),
    standing: standings[verdict],
  }));
}

function trendLooks({ alerts, nights }: Trend): Look[] {
  return alerts
    .filter(({ direction }) => direction === 'regressed')
    .map(({ id, followed, change, from, open }) => ({
      id,
      kind: 'trend',
      what: `${metricName(followed.body)} ${partText(followed.judged.scale, change)} since ${dayOf(nights[from]?.createdAt ?? '')}${open ? '' : ', and has changed again or was reset'}`,
      standing: open ? 'bad' : 'good',
    }));
}

function short(evidence: string): string {
  return evidence.length > mostEvidence ? `${evidence.slice(0, mostEvidence)}…` : evidence;
}

function idOf(...parts: readonly (string | Dimensions)[]): string {
  const text = parts.map((part) =>
    typeof part === 'string' ? part : Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 12);
}
