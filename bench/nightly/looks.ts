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
import { count } from '../words.ts';
import type { Look, Standing } from './alerts.ts';
import { leastFailures } from './rules.ts';

/** More of an evidence belongs into the report of the run. */
const mostEvidence = 160;

export interface Findings {
  /** Of new against the baseline; null where there was nothing to compare. */
  readonly comparison: Comparison | null;
  /** Of new. */
  readonly verdicts: readonly Verdict[];
  readonly trend: Trend;
  /** The last night of the trend is this one. */
  readonly kept: boolean;
  /** The baseline in one word: a metric that is worse than another one is another alert. */
  readonly baseline: string;
}

/** Each id once. `before`: what is open, of which nothing is known where nothing was compared. Pure. */
export function looksOf(
  { comparison, verdicts, trend, kept, baseline }: Findings,
  before: readonly OpenAlert[],
): Look[] {
  const compared =
    comparison === null
      ? before.filter(({ kind }) => kind === 'metric' || kind === 'guest').map((alert): Look => unknown(alert))
      : [...metricLooks(comparison, baseline), ...guestLooks(comparison, baseline, before)];
  return [...compared, ...verdictLooks(verdicts), ...trendLooks(trend, kept)];
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

function guestLooks(
  { behaviour: { ends }, choice }: Comparison,
  baseline: string,
  before: readonly OpenAlert[],
): Look[] {
  const worse = new Map(worseEnds(ends, choice.alpha).map(({ kind, what }) => [kind, what]));
  const { done = 0, 'not-reached': _, ...others } = ends.new;
  const allDone = Object.keys(others).length === 0;
  return [...ofGuest, moreOften].map((kind): Look => {
    const id = idOf('guest', baseline, kind);
    const what = worse.get(kind);
    // One boot may fail by itself, unless they were seen to fail so.
    const enough =
      kind === moreOften || (ends.new[kind] ?? 0) >= leastFailures || before.some((alert) => alert.id === id);
    if (what !== undefined) return { id, kind: 'guest', what, standing: enough ? 'bad' : 'unknown' };
    // Where a guest of new failed, in whatever way and however often those of the baseline do, nothing says that new is no worse.
    const now = kind === moreOften ? 'guests fail no more' : `guests: no ${kind}`;
    return {
      id,
      kind: 'guest',
      what: `${now}, ${done} of ${count(done, 'boot')} done`,
      standing: allDone ? 'good' : 'unknown',
    };
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

/** Of a series that this night did not measure nothing is asked; a change that nobody looked at tonight was not found again. */
function trendLooks({ alerts, nights }: Trend, kept: boolean): Look[] {
  return alerts
    .filter(({ direction, followed }) => direction === 'regressed' && !(kept && followed.state === 'ended'))
    .map(({ id, followed, change, from, open }) => ({
      id,
      kind: 'trend',
      what: `${metricName(followed.body)} ${partText(followed.judged.scale, change)} since ${dayOf(nights[from]?.createdAt ?? '')}${open ? '' : ', and has changed again or was reset'}`,
      standing: !open ? 'good' : kept && followed.state !== 'missing' ? 'bad' : 'unknown',
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
