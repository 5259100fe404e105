// SPDX-License-Identifier: MIT
/** Tables of a few metrics side by side, a row for each thing they are about. */
import type { Metric } from '../../measure/metric.ts';
import { perBoot, type Where } from '../figures.ts';
import type { Format } from '../spread.ts';
import { offeredRate } from './open-loop.ts';
import { Notes, type TableModel } from './table-model.ts';

export interface Column {
  readonly head: string;
  readonly metric: string;
  readonly format: Format;
}

/** Dimensions that tell a row of the table from another. */
const rowDimensions = ['scenario', 'mechanism', 'container', 'phase', 'load', 'depth'] as const;

/** A row for each metric of the first column; null when the run has none. `which` leaves out rows. */
export function figureList(
  metrics: readonly Metric[],
  title: string,
  columns: readonly Column[],
  which: (metric: Metric) => boolean = () => true,
): TableModel | null {
  const lead = columns[0]?.metric;
  const rows = new Map<string, Where>();
  for (const metric of metrics.filter((each) => each.name === lead && which(each))) {
    const where = Object.fromEntries(
      rowDimensions.flatMap((name) => {
        const value = metric.dimensions[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
    rows.set(JSON.stringify(where), where);
  }
  if (rows.size === 0) return null;
  const order = [...new Set([...rows.values()].map(place))];
  // Rates were measured in an order drawn by lot.
  const all = [...rows.values()].sort(
    (a, b) =>
      order.indexOf(place(a)) - order.indexOf(place(b)) || (offeredRate(a.load) ?? 0) - (offeredRate(b.load) ?? 0),
  );
  const shown = rowDimensions.filter(
    (name) => new Set(all.map((where) => where[name])).size > 1 || isAlways(name, all),
  );
  const notes = new Notes();
  return {
    title,
    head: [...shown, ...columns.map(({ head }) => head)],
    rows: all.map((where) => {
      const labels = shown.map((name) => String(where[name] ?? ''));
      const label = labels.filter((text) => text !== '').join(' ');
      return [
        ...labels,
        ...columns.map(({ head, metric, format }) => {
          const found = sameSubject(metrics, metric, where);
          return notes.cell(label, head, found === undefined ? undefined : perBoot(found), format);
        }),
      ];
    }),
    notes: notes.lines(),
  };
}

/** The metric of that name which is of the same; one that is about a whole cell says nothing of phases and loads. */
function sameSubject(metrics: readonly Metric[], name: string, where: Where): Metric | undefined {
  return metrics.find(
    (metric) =>
      metric.name === name &&
      Object.entries(where).every(([key, value]) => (metric.dimensions[key] ?? value) === value),
  );
}

function place({ scenario, mechanism }: Where): string {
  return `${scenario} ${mechanism}`;
}

/** Whose row it is, is said even if all rows are of the same. */
function isAlways(name: string, rows: readonly Where[]): boolean {
  return (name === 'scenario' || name === 'mechanism') && rows.some((where) => where[name] !== undefined);
}
