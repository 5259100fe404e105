// SPDX-License-Identifier: MIT
/** A history as series of nights: one figure a run, and where a series begins anew. */
import type { HistoryRecord, HistoryRecordOf } from '../../results/history.ts';
import { ofHistoryKind, type StoredHistory } from '../../results/history-reader.ts';
import { type JudgedMetric, placeOn } from '../compare/judged.ts';
import { median } from '../measure/median.ts';
import { followedAs } from './followed.ts';
import type { SeriesBody } from './series-key.ts';

export type Night = HistoryRecordOf<'run'>;

/** From this night on a series is learned anew, and why. */
export interface Reset {
  readonly night: number;
  readonly why: string;
}

export interface Series {
  readonly body: SeriesBody;
  readonly judged: JudgedMetric;
  /** A night each, on the scale on which figures are subtracted; null where there is none, or not of every boot. */
  readonly places: readonly (number | null)[];
  /** Nights on which it was measured, whether or not every boot had a figure. */
  readonly measured: ReadonlySet<number>;
  readonly resets: readonly Reset[];
}

export function nightsOf(history: StoredHistory): Night[] {
  return ofHistoryKind(history, 'run');
}

/** In the order of the history. What is not judged by this version is left out. */
export function seriesOf(history: StoredHistory): Series[] {
  const nights = nightsOf(history);
  const byNumber = nights.map(({ points }) => new Map(points.map((point) => [point.series, point])));
  const changed = changesOf(nights);
  return ofHistoryKind(history, 'series').flatMap((body): Series[] => {
    const judged = followedAs(body);
    if (judged === null) return [];
    const points = byNumber.map((of) => of.get(body.series) ?? null);
    const measured = new Set(points.flatMap((point, night) => (point === null ? [] : [night])));
    const places = points.map((point) => (point === null ? null : figureOf(point.values, judged)));
    const resets = [...changedConditions(changed, points), ...resetsSaid(history, body)];
    return [{ body, judged, places, measured, resets: resets.sort((a, b) => a.night - b.night) }];
  });
}

/** The median over boots; null if any has none, for what is missing may be the worst. */
function figureOf(values: readonly (number | null)[], { scale }: JudgedMetric): number | null {
  const places: number[] = [];
  for (const value of values) {
    const placed = value === null ? null : placeOn(scale, value);
    if (placed === null || !('place' in placed)) return null;
    places.push(placed.place);
  }
  return places.length === 0 ? null : median(places);
}

type Changes = (before: number, after: number) => readonly string[];

/** What differs between two nights; asked for each series, and worked out once. */
function changesOf(nights: readonly Night[]): Changes {
  const known = nights.map(() => new Map<number, readonly string[]>());
  return (before, after) => {
    const found = known[before]?.get(after);
    if (found !== undefined) return found;
    const changes = differences(nights[before]?.conditions ?? {}, nights[after]?.conditions ?? {});
    known[before]?.set(after, changes);
    return changes;
  };
}

/** Nights before which something else than what is followed changed. */
function changedConditions(changed: Changes, points: readonly (Night['points'][number] | null)[]): Reset[] {
  const resets: Reset[] = [];
  let last: number | null = null;
  for (const [night, point] of points.entries()) {
    if (point === null) continue;
    if (last !== null) {
      const before = points[last];
      const isOther = before !== null && before?.plan !== point.plan;
      const why = [...changed(last, night), ...(isOther ? ['the cell was planned otherwise'] : [])];
      if (why.length > 0) resets.push({ night, why: why.join('; ') });
    }
    last = night;
  }
  return resets;
}

/** What differs, in words: `hypervisor was 7.2 and is 8.0`. */
export function differences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name} was ${before[name] || 'none'} and is ${after[name] || 'none'}`);
}

/** Resets that somebody asked for. One that nothing was measured after has no night yet. */
function resetsSaid({ records }: StoredHistory, body: SeriesBody): Reset[] {
  let night = 0;
  return records.flatMap((record): Reset[] => {
    if (record.kind === 'run') night++;
    return record.kind === 'reset' && concerns(record, body) ? [{ night, why: record.note }] : [];
  });
}

function concerns({ where }: Extract<HistoryRecord, { kind: 'reset' }>, { name, dimensions }: SeriesBody): boolean {
  return (
    (where.name === undefined || where.name === name) &&
    (where.scenario === undefined || where.scenario === dimensions.scenario) &&
    (where.mechanism === undefined || where.mechanism === dimensions.mechanism)
  );
}
