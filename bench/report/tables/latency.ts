// SPDX-License-Identifier: MIT
import type { Verdict } from '../../judge/verdict.ts';
import type { Metric } from '../../measure/metric.ts';
import { noFloor } from '../../measure/over-floor.ts';
import { cellWhere, mechanismName } from '../cell-name.ts';
import { combine, findMetric, matches, type PerBoot, perBoot, type Where } from '../figures.ts';
import { orderLine } from '../order-line.ts';
import { durationFormat, plainFormat, ratioFormat } from '../spread.ts';
import { worstOf } from '../verdict-lines.ts';
import { Notes, type TableModel } from './table-model.ts';

/** What one table is about: whose requests. */
export interface TableSubject {
  readonly scenario: string;
  readonly container: string;
}

/** What the others are compared with. */
export const reference = 'stock';
const head = ['mechanism', 'p50', 'p90', 'p99', 'max', 'requests/s', 'p50 / stock', 'p50 / floor', 'errors', 'verdict'];

/**
 * The tables that the metrics have something for, in order of appearance. A bystander is compared with itself, in the
 * recovery table, and open-loop load has a table of its own.
 */
export function tableSubjects(metrics: readonly Metric[]): TableSubject[] {
  const subjects = new Map<string, TableSubject>();
  for (const { name, dimensions, samples } of metrics) {
    if (name !== 'upcall.latency.p50' || dimensions.container === 'bystander') continue;
    if (dimensions.phase !== 'steady' || !isClosed(dimensions.load)) continue;
    // Nobody was served in any boot: nothing to time. Whether that is as expected, the verdicts say.
    if (samples.every(({ reason }) => reason === 'no-ok-requests')) continue;
    const subject = { scenario: String(dimensions.scenario), container: String(dimensions.container) };
    subjects.set(JSON.stringify(subject), subject);
  }
  return [...subjects.values()];
}

/** Closed loop: a requester asks again when it has its answer. */
export function isClosed(load: string | number | undefined): boolean {
  return String(load).startsWith('closed:');
}

/**
 * Mechanism × latency, throughput, ratios, errors and the worst verdict: the median over the boots, beneath it the extremes. Ratios
 * are taken within each boot. What is missing is a dash, with the reason in a line below. Windows with a fault are not in it.
 */
export function latencyTable(
  metrics: readonly Metric[],
  verdicts: readonly Verdict[],
  subject: TableSubject,
): TableModel {
  const notes = new Notes();
  const rows = steadyMedians(metrics, subject);
  const stock = rows.find(({ dimensions }) => dimensions.mechanism === reference);
  const floored = rows.some((row) => hasFloor(overFloor(metrics, row)));
  const several = new Set(rows.map(({ dimensions }) => dimensions.load)).size > 1;
  const cells = rows.map((row) => {
    const cell = cellWhere(row.dimensions);
    const load = String(row.dimensions.load);
    const label = labelOf(row, several);
    const where: Where = { ...subject, ...cell, phase: 'steady', load };
    const own = (name: string, more: Where = {}) => perBoot(findMetric(metrics, name, { ...where, ...more }));
    const p50 = perBoot(row);
    return [
      label,
      ...['p50', 'p90', 'p99', 'max'].map((name) =>
        notes.cell(label, name, own(`upcall.latency.${name}`), durationFormat),
      ),
      notes.cell(label, 'requests/s', own('upcall.throughput'), plainFormat),
      ratioCell(p50, stock === undefined ? undefined : perBoot(stock)),
      floored ? notes.cell(label, 'p50 / floor', overFloor(metrics, row), ratioFormat) : '–',
      notes.cell(label, 'errors', own('upcall.errors', { errno: 'all' }), plainFormat),
      worstOf(verdicts.filter((verdict) => matches(verdict, cell))),
    ];
  });
  const order = orderLine(rows, (row) => labelOf(row, several));
  const absent = [
    ...(stock === undefined ? ['p50 / stock: stock was not measured in this scenario'] : []),
    ...(floored ? [] : ['p50 / floor: null-actor was not measured in this scenario']),
  ];
  return {
    title: `${subject.scenario}: ${whose(subject.container)}`,
    head,
    rows: cells,
    notes: [...notes.lines(), ...absent, ...(order === null ? [] : [`p50: ${order}`])],
  };
}

function labelOf({ dimensions }: Metric, several: boolean): string {
  return `${mechanismName(dimensions)}${several ? `, ${dimensions.load}` : ''}`;
}

function whose(container: string): string {
  return container === 'subject' ? 'upcalls of the container' : `upcalls of the ${container}, while no fault is on`;
}

/** The p50 of every mechanism under fault-free closed-loop load, in the plan's order. */
export function steadyMedians(metrics: readonly Metric[], subject: TableSubject): Metric[] {
  return metrics.filter(
    (metric) =>
      metric.name === 'upcall.latency.p50' &&
      matches(metric, { ...subject, phase: 'steady' }) &&
      isClosed(metric.dimensions.load),
  );
}

/** How far the p50 of such a row is from what it could least be; undefined where that is not asked, as in storms. */
export function overFloor(metrics: readonly Metric[], { dimensions }: Metric): PerBoot | undefined {
  const { container = '', load = '' } = dimensions;
  const found = findMetric(metrics, 'upcall.over_floor', { ...cellWhere(dimensions), container, load });
  return found === undefined ? undefined : perBoot(found);
}

/** Was the floor measured under the same scenario in any boot? */
export function hasFloor(figure: PerBoot | undefined): figure is PerBoot {
  return figure !== undefined && [...figure.values()].some((found) => found.value !== null || found.reason !== noFloor);
}

/** A ratio is missing where one of its two figures is: their own cells, or a line below, say why. */
function ratioCell(figure: PerBoot, base: PerBoot | undefined): string {
  if (base === undefined) return '–';
  return new Notes().cell(
    '',
    '',
    combine([figure, base], (a, b) => a / b),
    ratioFormat,
  );
}
