// SPDX-License-Identifier: MIT
import Table from 'cli-table3';
import type { Metric } from '../measure/metric.ts';
import { findMetric, matches, perBoot, reasonsMissing, type Where } from './figures.ts';
import { durationFormat, type Format, plainFormat, ratioFormat, stacked } from './spread.ts';
import { noRules } from './table-style.ts';

const head = [
  'mechanism',
  'without service',
  'served after restart',
  'errors',
  "bystander's p99 / fault-free",
  'its rate / fault-free',
];

/** The scenarios with a fault, in order of appearance. */
export function faultScenarios(metrics: readonly Metric[]): string[] {
  const faulty = metrics.filter(({ name }) => name === 'recovery.time');
  return [...new Set(faulty.map(({ dimensions }) => String(dimensions.scenario)))];
}

/**
 * Mechanism × what a fault did: how long the victim was not served, from the fault and from the restart on, what its requests came to
 * meanwhile, and what a neighbour noticed. What is missing is a dash with the reason in a line below.
 */
export function recoveryTable(metrics: readonly Metric[], scenario: string): string {
  const table = new Table({ head, chars: noRules, style: { head: [], border: [] } });
  const notes: string[] = [];
  for (const recovery of metrics.filter((metric) => metric.name === 'recovery.time' && matches(metric, { scenario }))) {
    const mechanism = String(recovery.dimensions.mechanism);
    const where = { scenario, mechanism };
    const cell = (column: string, metric: Metric | undefined, format: Format): string => {
      if (metric === undefined) return 'n/a';
      const figure = perBoot(metric);
      const reasons = reasonsMissing(figure);
      if (reasons !== '') notes.push(`  – ${mechanism}, ${column}: ${reasons}`);
      return stacked(figure, format);
    };
    table.push([
      mechanism,
      cell('without service', recovery, durationFormat),
      cell('served after restart', findMetric(metrics, 'recovery.after_restart', where), durationFormat),
      errorsWhileFaulty(metrics, { ...where, container: String(recovery.dimensions.container) }),
      cell("bystander's p99", findMetric(metrics, 'bystander.p99_ratio', where), ratioFormat),
      cell("bystander's rate", findMetric(metrics, 'bystander.service_ratio', where), ratioFormat),
    ]);
  }
  return [table.toString(), ...notes].join('\n');
}

function errorsWhileFaulty(metrics: readonly Metric[], where: Where): string {
  const counted = metrics
    .filter(
      ({ name, dimensions }) =>
        name === 'upcall.errors' && dimensions.errno !== 'all' && dimensions.errno !== undefined,
    )
    .filter((metric) => matches(metric, { ...where, phase: 'fault' }))
    .map((metric) => `${metric.dimensions.errno} ${stacked(perBoot(metric), plainFormat)}`);
  return counted.length === 0 ? 'none' : counted.join('\n');
}
