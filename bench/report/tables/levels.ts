// SPDX-License-Identifier: MIT
import type { Metric } from '../../measure/metric.ts';
import { durationFormat } from '../spread.ts';
import { figureList } from './figure-list.ts';
import type { TableModel } from './table-model.ts';

/** What each user namespace between a requester and its agent adds to an upcall; null when depths were not compared. */
export function levelTable(metrics: readonly Metric[]): TableModel | null {
  return figureList(metrics, 'Each user namespace between requester and agent', [
    { head: 'adds to the p50', metric: 'nesting.per_level', format: durationFormat },
  ]);
}
