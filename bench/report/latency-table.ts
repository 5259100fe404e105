// SPDX-License-Identifier: MIT
import Table from 'cli-table3';
import type { Metric } from '../measure/metric.ts';
import {
  combine,
  findMetric,
  matches,
  type PerBoot,
  perBoot,
  reasonsMissing,
  summarise,
  type Where,
} from './figures.ts';
import { duration, durationScale, ratio, type Scale, threeDigits } from './format.ts';

/** What one table is about: who asked, and whether a fault was on. */
export interface TableSubject {
  readonly scenario: string;
  readonly container: string;
  readonly phase: string;
}

const reference = 'stock';
const head = ['mechanism', 'p50', 'p90', 'p99', 'max', 'requests/s', 'p50 to stock', 'p50 to floor', 'errors'];

/** The tables that the metrics have something for, in order of appearance. */
export function tableSubjects(metrics: readonly Metric[]): TableSubject[] {
  const subjects = new Map<string, TableSubject>();
  for (const { name, dimensions } of metrics) {
    if (name !== 'upcall.latency.p50') continue;
    const subject = {
      scenario: String(dimensions.scenario),
      container: String(dimensions.container),
      phase: String(dimensions.phase),
    };
    subjects.set(JSON.stringify(subject), subject);
  }
  return [...subjects.values()];
}

/**
 * Mechanism × latency, throughput, ratios and errors: the median over the boots, beneath it the extremes. Ratios are taken
 * within each boot. What is missing is a dash, with the reason in a line below.
 */
export function latencyTable(metrics: readonly Metric[], subject: TableSubject): string {
  const where: Where = { ...subject };
  const rows = metrics.filter((metric) => metric.name === 'upcall.latency.p50' && matches(metric, where));
  const table = new Table({ head, style: { head: [], border: [] } });
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
      ...['p50', 'p90', 'p99', 'max'].map((name) => cell(name, own(`upcall.latency.${name}`), showDuration)),
      cell('requests/s', own('upcall.throughput'), (figure) => show(figure, threeDigits)),
      ratioCell(stock === undefined ? undefined : combine([p50, perBoot(stock)], (a, b) => a / b)),
      ratioCell(floor === undefined ? undefined : combine([p50, floor], (a, b) => a / b)),
      cell('errors', own('upcall.errors', { errno: 'all' }), (figure) => show(figure, String)),
    ]);
  }
  return [table.toString(), ...notesBelow(notes)].join('\n');
}

/** The least an upcall answered by a process could cost: the key machinery, and to wake somebody and be woken again. */
export function floorOf(metrics: readonly Metric[]): PerBoot | undefined {
  const machinery = findMetric(metrics, 'floor.null_actor.p50', {});
  const roundTrip = findMetric(metrics, 'floor.eventfd.p50', {});
  if (machinery === undefined || roundTrip === undefined) return undefined;
  return combine([perBoot(machinery), perBoot(roundTrip)], (a, b) => a + b);
}

/** The median, and beneath it the extremes if there is more than one boot. */
export function show(figure: PerBoot, format: (value: number) => string): string {
  const summary = summarise(figure);
  if (summary === null) return '–';
  const { median, min, max, boots } = summary;
  return boots === 1 ? format(median) : `${format(median)}\n[${format(min)}..${format(max)}]`;
}

function showDuration(figure: PerBoot): string {
  const summary = summarise(figure);
  if (summary === null) return '–';
  const scale: Scale = durationScale(summary.median);
  const bare = (ns: number) => threeDigits(ns / scale.factor);
  const range = `\n[${bare(summary.min)}..${bare(summary.max)}]`;
  return `${duration(summary.median)}${summary.boots === 1 ? '' : range}`;
}

/** A ratio is missing where one of its two figures is: their own cells say why. */
function ratioCell(figure: PerBoot | undefined): string {
  return figure === undefined ? '–' : show(figure, ratio);
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
