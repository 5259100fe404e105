// SPDX-License-Identifier: MIT
import Table from 'cli-table3';
import type { Verdict } from '../judge/verdict.ts';
import type { Metric } from '../measure/metric.ts';
import { combine, findMetric, matches, type PerBoot, perBoot, reasonsMissing, type Where } from './figures.ts';
import { durationFormat, plainFormat, ratioFormat, stacked } from './spread.ts';
import { noRules } from './table-style.ts';
import { worstOf } from './verdict-lines.ts';

/** What one table is about: whose requests. */
export interface TableSubject {
  readonly scenario: string;
  readonly container: string;
}

const reference = 'stock';
const head = ['mechanism', 'p50', 'p90', 'p99', 'max', 'requests/s', 'p50 / stock', 'p50 / floor', 'errors', 'verdict'];

/**
 * The tables that the metrics have something for, in order of appearance. A bystander is compared with itself, in the
 * recovery table, and has none here.
 */
export function tableSubjects(metrics: readonly Metric[]): TableSubject[] {
  const subjects = new Map<string, TableSubject>();
  for (const { name, dimensions, samples } of metrics) {
    if (name !== 'upcall.latency.p50' || dimensions.container === 'bystander') continue;
    // Nobody was served in any boot: nothing to time. Whether that is as expected, the verdicts say.
    if (samples.every(({ reason }) => reason === 'no-ok-requests')) continue;
    const subject = { scenario: String(dimensions.scenario), container: String(dimensions.container) };
    subjects.set(JSON.stringify(subject), subject);
  }
  return [...subjects.values()];
}

/**
 * Mechanism × latency, throughput, ratios, errors and the worst verdict: the median over the boots, beneath it the extremes. Ratios
 * are taken within each boot. What is missing is a dash, with the reason in a line below. Windows with a fault are not in it.
 */
export function latencyTable(metrics: readonly Metric[], verdicts: readonly Verdict[], subject: TableSubject): string {
  const where: Where = { ...subject, phase: 'steady' };
  const rows = metrics.filter((metric) => metric.name === 'upcall.latency.p50' && matches(metric, where));
  const table = new Table({ head, chars: noRules, style: { head: [], border: [] } });
  const notes: string[] = [];
  const floor = floorOf(metrics);
  const stock = findMetric(metrics, 'upcall.latency.p50', { ...where, mechanism: reference });
  for (const row of rows) {
    const mechanism = String(row.dimensions.mechanism);
    const own = (name: string, more: Where = {}) => {
      return perBoot(findMetric(metrics, name, { ...where, mechanism, ...more }));
    };
    const cell = (column: string, figure: PerBoot, show: (figure: PerBoot) => string): string => {
      const reasons = reasonsMissing(figure);
      if (reasons !== '') notes.push(`${mechanism}, ${column}: ${reasons}`);
      return show(figure);
    };
    const p50 = perBoot(row);
    table.push([
      mechanism,
      ...['p50', 'p90', 'p99', 'max'].map((name) =>
        cell(name, own(`upcall.latency.${name}`), (figure) => stacked(figure, durationFormat)),
      ),
      cell('requests/s', own('upcall.throughput'), (figure) => stacked(figure, plainFormat)),
      ratioCell(p50, stock === undefined ? undefined : perBoot(stock)),
      ratioCell(p50, floor),
      cell('errors', own('upcall.errors', { errno: 'all' }), (figure) => stacked(figure, plainFormat)),
      worstOf(verdicts.filter(({ dimensions }) => matches({ dimensions }, { scenario: subject.scenario, mechanism }))),
    ]);
  }
  const absent = [
    ...(stock === undefined ? ['  – p50 / stock: stock was not measured in this scenario'] : []),
    ...(floor === undefined ? ['  – p50 / floor: null-actor was not measured; scenario latency does'] : []),
  ];
  return [table.toString(), ...notesBelow(notes), ...absent].join('\n');
}

/** The least an upcall answered by a process could cost: the key machinery, and to wake somebody and be woken again. */
export function floorOf(metrics: readonly Metric[]): PerBoot | undefined {
  const machinery = findMetric(metrics, 'floor.null_actor.p50', {});
  const roundTrip = findMetric(metrics, 'floor.eventfd.p50', {});
  if (machinery === undefined || roundTrip === undefined) return undefined;
  return combine([perBoot(machinery), perBoot(roundTrip)], (a, b) => a + b);
}

/** A ratio is missing where one of its two figures is: their own cells, or a line below, say why. */
function ratioCell(figure: PerBoot, base: PerBoot | undefined): string {
  return base === undefined
    ? '–'
    : stacked(
        combine([figure, base], (a, b) => a / b),
        ratioFormat,
      );
}

/** The same reason for several columns of a mechanism is one line. */
function notesBelow(notes: readonly string[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const note of notes) {
    const [, mechanism = '', column = '', reason = ''] = /^(.*?), (.*?): (.*)$/.exec(note) ?? [];
    const key = `${mechanism}\n${reason}`;
    byReason.set(key, [...(byReason.get(key) ?? []), column]);
  }
  return [...byReason].map(([key, columns]) => {
    const [mechanism, reason] = key.split('\n');
    return `  – ${mechanism}, ${columns.join(', ')}: ${reason}`;
  });
}
