// SPDX-License-Identifier: MIT
import type { HistoryBody } from '../../results/history.ts';

export type SeriesBody = Extract<HistoryBody, { kind: 'series' }>;

/** The same for figures of the same, in whatever order dimensions stand. */
export function seriesKey({ name, unit, dimensions }: Pick<SeriesBody, 'name' | 'unit' | 'dimensions'>): string {
  return JSON.stringify([name, unit, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
