// SPDX-License-Identifier: MIT
import type { Verdict } from '../../judge/verdict.ts';
import type { Metric } from '../../measure/metric.ts';
import { cellWhere, mechanismName } from '../cell-name.ts';
import { combine, findMetric, matches, type PerBoot, perBoot, type Where } from '../figures.ts';
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
  const floor = floorOf(metrics);
  const rows = steadyMedians(metrics, subject);
  const stock = rows.find(({ dimensions }) => dimensions.mechanism === reference);
  const several = new Set(rows.map(({ dimensions }) => dimensions.load)).size > 1;
  const cells = rows.map((row) => {
    const cell = cellWhere(row.dimensions);
    const load = String(row.dimensions.load);
    const label = `${mechanismName(row.dimensions)}${several ? `, ${load}` : ''}`;
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
      ratioCell(p50, floor),
      notes.cell(label, 'errors', own('upcall.errors', { errno: 'all' }), plainFormat),
      worstOf(verdicts.filter((verdict) => matches(verdict, cell))),
    ];
  });
  const absent = [
    ...(stock === undefined ? ['p50 / stock: stock was not measured in this scenario'] : []),
    ...(floor === undefined ? ['p50 / floor: null-actor was not measured; scenario latency does'] : []),
  ];
  return {
    title: `${subject.scenario}: ${whose(subject.container)}`,
    head,
    rows: cells,
    notes: [...notes.lines(), ...absent],
  };
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

/** The least an upcall answered by a process could cost: the key machinery, and to wake somebody and be woken again. */
export function floorOf(metrics: readonly Metric[]): PerBoot | undefined {
  const machinery = findMetric(metrics, 'floor.null_actor.p50', { scenario: 'latency' });
  const roundTrip = findMetric(metrics, 'floor.eventfd.p50', {});
  if (machinery === undefined || roundTrip === undefined) return undefined;
  return combine([perBoot(machinery), perBoot(roundTrip)], (a, b) => a + b);
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
