// SPDX-License-Identifier: MIT
/** What each level of user namespaces costs, as a table of a posting. */
import type { Metric } from '../../measure/metric.ts';
import { levelTable as levels } from '../tables/levels.ts';
import { markdownTable } from './markdown.ts';

export function levelTable(metrics: readonly Metric[]): string[] {
  const model = levels(metrics);
  if (model === null) return [];
  const rows = model.rows.map((row) => row.map((text) => text.replaceAll('\n', ' ')));
  return markdownTable(model.head, rows);
}
