// SPDX-License-Identifier: MIT
/** Everything that is to be said of a history, as data; and what it comes to. */
import { createHash } from 'node:crypto';
import type { StoredHistory } from '../../results/history-reader.ts';
import { type Deltas, placedDelta, told } from '../compare/judged.ts';
import { resolution } from '../measure/ranking.ts';
import { count } from '../words.ts';
import { differences, type Night, nightsOf, type Series, seriesOf } from './history-series.ts';
import { budgetNights } from './rules.ts';
import { seriesKey } from './series-key.ts';
import { type Alarm, detectable, leastNights, nightsToDetect, watch } from './statistics/monitor.ts';
import type { Reference } from './statistics/reference.ts';

export const outcomes = ['regressed', 'improved', 'unchanged', 'underpowered'] as const;
export type Outcome = (typeof outcomes)[number];

export const states = [
  /** Its level is known, and the last night was held against it. */
  'watched',
  /** Too few nights since it began, changed or was reset. */
  'learning',
  /** Some boot of the last night had no figure. */
  'missing',
  /** The last night did not measure it. */
  'ended',
] as const;
export type State = (typeof states)[number];

export interface Alert {
  /** The same as long as the change is the same, however many nights come after. */
  readonly id: string;
  readonly followed: Followed;
  readonly direction: 'regressed' | 'improved';
  /** Nights, as numbers in the history: the first of the changed ones, and the one on which it was raised. */
  readonly from: number;
  readonly at: number;
  /** Levels before and after, told: as figures. */
  readonly before: number;
  readonly after: number;
  /** After over before, or after less before. */
  readonly change: number;
  /** The series has not changed again, nor been reset, since. */
  readonly open: boolean;
  /** Raised on the last night. */
  readonly fresh: boolean;
  /** What else differs between the night before and the first of the changed ones: what may be why. */
  readonly suspects: readonly string[];
}

export interface Followed extends Series {
  readonly state: State;
  /** Of the last level; null while it is learned. */
  readonly reference: Reference | null;
  /** Nights with a figure since it began, changed or was reset. */
  readonly nights: number;
  /** What would be found within `detectableNights` nights in 80 of 100 cases, told; null while it is learned. */
  readonly detectable: number | null;
  readonly detectableNights: number | null;
  readonly alerts: readonly Alert[];
}

export interface Choice {
  /** False alerts in 365 nights, in all series together. */
  readonly budget: number;
  readonly deltas: Deltas;
  /** What is shown and counts; undefined: all. The others are watched all the same, so that no answer depends on what was asked. */
  readonly metrics?: readonly string[] | undefined;
  readonly scenarios?: readonly string[] | undefined;
  readonly mechanisms?: readonly string[] | undefined;
}

export interface Trend {
  readonly history: StoredHistory;
  readonly choice: Choice;
  readonly nights: readonly Night[];
  readonly series: readonly Followed[];
  /** The newest first. */
  readonly alerts: readonly Alert[];
  readonly overall: Outcome;
  /** Why it is not known whether anything else has changed; empty if it is. */
  readonly unsure: readonly string[];
}

/** Pure. */
export function trendOf(history: StoredHistory, choice: Choice): Trend {
  const nights = nightsOf(history);
  const all = seriesOf(history);
  const rates = nights.map((_, night) => {
    const measured = all.filter((series) => series.measured.has(night)).length;
    return choice.budget / (budgetNights * Math.max(1, measured));
  });
  const series = all.filter((each) => isChosen(each, choice)).map((each) => follow(each, nights, rates, choice));
  const alerts = series
    .flatMap((each) => each.alerts)
    .sort((a, b) => b.at - a.at || a.followed.body.series - b.followed.body.series);
  const unsure = unsureOf(history, nights, series);
  const open = (direction: Alert['direction']) => alerts.some((alert) => alert.open && alert.direction === direction);
  const overall = open('regressed')
    ? 'regressed'
    : unsure.length > 0
      ? 'underpowered'
      : open('improved')
        ? 'improved'
        : 'unchanged';
  return { history, choice, nights, series, alerts, overall, unsure };
}

function isChosen({ body: { name, dimensions } }: Series, { metrics, scenarios, mechanisms }: Choice): boolean {
  const has = (asked: readonly string[] | undefined, value: unknown) =>
    asked === undefined || asked.includes(String(value));
  return has(metrics, name) && has(scenarios, dimensions.scenario) && has(mechanisms, dimensions.mechanism);
}

function follow(series: Series, nights: readonly Night[], rates: readonly number[], { deltas }: Choice): Followed {
  const { judged, places, resets, measured } = series;
  const { scale } = judged;
  const delta = placedDelta(judged, deltas);
  const rateOf = (night: number) => rates[night] ?? Number.NaN;
  const found = watch({
    values: places,
    resets: new Set(resets.map(({ night }) => night)),
    rate: rateOf,
    delta,
    // A ratio of figures of a histogram is no finer than this; of shares and times what does not matter is no scatter either.
    resolution: scale === 'ratio' ? resolution : delta / 2,
  });
  const last = nights.length - 1;
  const state: State = !measured.has(last)
    ? 'ended'
    : (places[last] ?? null) === null
      ? 'missing'
      : found.reference === null
        ? 'learning'
        : 'watched';
  const { reference } = found;
  const followed: Followed & { alerts: Alert[] } = {
    ...series,
    state,
    reference,
    nights: found.nights,
    detectable: reference === null ? null : told(scale, detectable(reference, rateOf(last))),
    detectableNights: reference === null ? null : nightsToDetect(reference),
    alerts: [],
  };
  for (const [i, alarm] of found.alarms.entries()) {
    const isLast = i === found.alarms.length - 1;
    const ended = resets.some(({ night }) => night > alarm.at);
    followed.alerts.push(alertOf(followed, alarm, nights, isLast && !ended));
  }
  return followed;
}

function alertOf(
  followed: Followed,
  { at, from, shift, before }: Alarm,
  nights: readonly Night[],
  open: boolean,
): Alert {
  const { judged, body, places } = followed;
  const direction = shift > 0 === (judged.better === 'lower') ? 'regressed' : 'improved';
  const first = nights[from];
  const earlier = places.flatMap((place, night) => (place === null || night >= from ? [] : [night])).at(-1);
  const previous = earlier === undefined ? undefined : nights[earlier];
  return {
    id: idOf(`${seriesKey(body)}\n${first?.runId}\n${direction}`),
    followed,
    direction,
    from,
    at,
    before: told(judged.scale, before),
    after: told(judged.scale, before + shift),
    change: told(judged.scale, shift),
    open,
    fresh: at === nights.length - 1,
    suspects: first === undefined || previous === undefined ? [] : differences(subjectOf(previous), subjectOf(first)),
  };
}

function subjectOf({ subject, tool }: Night): Record<string, string> {
  return { ...subject, keystorm: `${tool.version} ${tool.commit ?? ''}${tool.dirty ? ' with changes' : ''}`.trim() };
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function unsureOf({ problem }: StoredHistory, nights: readonly Night[], series: readonly Followed[]): string[] {
  const number = (state: State) => series.filter((each) => each.state === state).length;
  const now = series.length - number('ended');
  return [
    ...(nights.length === 0
      ? [problem === null ? 'no run was added yet' : 'no run can be read']
      : now === 0
        ? ['the last night measured nothing that is followed']
        : []),
    ...(number('learning') > 0
      ? [`${number('learning')} of ${count(now, 'metric')} known for less than ${leastNights} nights`]
      : []),
    ...(number('missing') > 0
      ? [`${number('missing')} of ${count(now, 'metric')} without a figure in some boot of the last night`]
      : []),
    ...(problem === null ? [] : [problem.replace(/\.$/, '')]),
  ];
}

/** 1 something got worse (with `onlyFresh`: was found to on the last night), 4 it is not known whether anything did, 0 else. */
export function exitCodeOf({ alerts, unsure }: Trend, onlyFresh: boolean): 0 | 1 | 4 {
  if (alerts.some(({ direction, open, fresh }) => direction === 'regressed' && open && (fresh || !onlyFresh))) return 1;
  return unsure.length > 0 ? 4 : 0;
}
