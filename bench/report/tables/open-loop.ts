// SPDX-License-Identifier: MIT
import type { Metric } from '../../measure/metric.ts';
import { cellWhere, mechanismName } from '../cell-name.ts';
import { findMetric, matches, perBoot, type Where } from '../figures.ts';
import { durationFormat, type Format, plainFormat } from '../spread.ts';
import { Notes, type TableModel } from './table-model.ts';

const head = [
  'mechanism',
  'offered/s',
  'p50',
  'p99',
  'service p99',
  'served/s',
  'late starts',
  'missed starts',
  'errors',
];

/** Starts a second of all containers of a role together, from a load's name; null for closed-loop load. */
export function offeredRate(load: string | number | undefined): number | null {
  const rate = /^open:(\d+)$/.exec(String(load))?.[1];
  return rate === undefined ? null : Number(rate);
}

export interface OpenLoopSubject {
  readonly scenario: string;
  readonly container: string;
  readonly phase: string;
}

/** Whose requests began at fixed times, in order of appearance. */
export function openLoopSubjects(metrics: readonly Metric[]): OpenLoopSubject[] {
  const subjects = new Map<string, OpenLoopSubject>();
  for (const { name, dimensions } of metrics) {
    if (name !== 'upcall.latency.p50' || offeredRate(dimensions.load) === null) continue;
    const { scenario, container, phase } = dimensions;
    const subject = { scenario: String(scenario), container: String(container), phase: String(phase) };
    subjects.set(JSON.stringify(subject), subject);
  }
  return [...subjects.values()];
}

/** Mechanism × offered rate: latencies from the intended start, what was served, and starts made late or never. */
export function openLoopTable(metrics: readonly Metric[], subject: OpenLoopSubject): TableModel {
  const notes = new Notes();
  const rows = byRate(metrics, subject).flatMap((metric) => {
    const rate = offeredRate(metric.dimensions.load);
    if (rate === null) return [];
    const mechanism = mechanismName(metric.dimensions);
    const where: Where = { ...subject, ...cellWhere(metric.dimensions), load: String(metric.dimensions.load) };
    const label = `${mechanism} at ${rate}/s`;
    const cell = (column: string, name: string, format: Format, more: Where = {}) => {
      const found = findMetric(metrics, name, { ...where, ...more });
      return notes.cell(label, column, found === undefined ? undefined : perBoot(found), format);
    };
    return [
      [
        mechanism,
        String(rate),
        cell('p50', 'upcall.latency.p50', durationFormat),
        cell('p99', 'upcall.latency.p99', durationFormat),
        cell('service p99', 'upcall.service.p99', durationFormat),
        cell('served/s', 'upcall.throughput', plainFormat),
        cell('late starts', 'upcall.late_starts', plainFormat),
        cell('missed starts', 'upcall.missed_starts', plainFormat),
        cell('errors', 'upcall.errors', plainFormat, { errno: 'all' }),
      ],
    ];
  });
  const { scenario, container, phase } = subject;
  const when = phase === 'steady' ? '' : ', windows with a fault';
  const whose = container === 'subject' ? 'container' : container;
  return { title: `${scenario}: open-loop load of the ${whose}${when}`, head, rows, notes: notes.lines() };
}

/** The p50 of every mechanism at every rate: mechanisms as planned, rates ascending. They are measured in an order drawn by lot. */
function byRate(metrics: readonly Metric[], subject: OpenLoopSubject): Metric[] {
  const all = metrics.filter((metric) => metric.name === 'upcall.latency.p50' && matches(metric, { ...subject }));
  const mechanisms = [...new Set(all.map(({ dimensions }) => dimensions.mechanism))];
  const rate = ({ dimensions }: Metric) => offeredRate(dimensions.load) ?? 0;
  return mechanisms.flatMap((mechanism) =>
    all.filter(({ dimensions }) => dimensions.mechanism === mechanism).sort((a, b) => rate(a) - rate(b)),
  );
}
