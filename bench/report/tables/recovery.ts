// SPDX-License-Identifier: MIT
import type { Metric } from '../../measure/metric.ts';
import { cellWhere, mechanismName } from '../cell-name.ts';
import { findMetric, matches, perBoot, type Where } from '../figures.ts';
import { durationFormat, type Format, plainFormat, ratioFormat, stacked } from '../spread.ts';
import { Notes, type TableModel } from './table-model.ts';

const head = [
  'mechanism',
  'without service',
  'served after restart',
  'as before, after clearing',
  'errors',
  "bystander's p99 / fault-free",
  'its rate / fault-free',
];

/** The scenarios with a fault, in order of appearance. */
export function faultScenarios(metrics: readonly Metric[]): string[] {
  const faulty = metrics.filter(({ name }) => name === 'recovery.steady_time');
  return [...new Set(faulty.map(({ dimensions }) => String(dimensions.scenario)))];
}

/**
 * Mechanism × what a fault did: how long the victim was not served, from the fault and from the restart on, how long after it was cleared it
 * was served as before, what its requests came to meanwhile, and what a neighbour noticed.
 */
export function recoveryTable(metrics: readonly Metric[], scenario: string): TableModel {
  const notes = new Notes();
  const rows = metrics
    .filter((metric) => metric.name === 'recovery.steady_time' && matches(metric, { scenario }))
    .map((recovery) => {
      const mechanism = mechanismName(recovery.dimensions);
      const where = cellWhere(recovery.dimensions);
      const cell = (column: string, name: string, format: Format) => {
        const metric = findMetric(metrics, name, where);
        return notes.cell(mechanism, column, metric === undefined ? undefined : perBoot(metric), format);
      };
      return [
        mechanism,
        cell('without service', 'recovery.time', durationFormat),
        cell('served after restart', 'recovery.after_restart', durationFormat),
        cell('as before', 'recovery.steady_time', durationFormat),
        errorsWhileFaulty(metrics, { ...where, container: String(recovery.dimensions.container) }),
        cell("bystander's p99", 'bystander.p99_ratio', ratioFormat),
        cell("bystander's rate", 'bystander.service_ratio', ratioFormat),
      ];
    });
  return { title: `${scenario}: what the fault did`, head, rows, notes: notes.lines() };
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
