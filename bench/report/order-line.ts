// SPDX-License-Identifier: MIT
/** Which order of mechanisms a table does not claim, so that nobody reads one out of medians. */
import type { Metric } from '../measure/metric.ts';
import { chanceApart, leastBoots, overlapping, rangeOf } from '../measure/ranking.ts';
import { mechanismName } from './cell-name.ts';

/** One or two sentences about figures that stand below one another; null for fewer than two, between which there is no order. */
export function orderLine(rows: readonly Metric[], nameOf = ({ dimensions }: Metric) => mechanismName(dimensions)) {
  if (rows.length < 2) return null;
  const boots = Math.max(...rows.map(({ samples }) => samples.length));
  if (boots < leastBoots) return 'One boot has no range: no order is claimed between any of them.';
  const ranged = rows.map((metric) => ({ name: nameOf(metric), range: rangeOf(nameOf(metric), metric) }));
  const groups = overlapping(ranged.flatMap(({ range }) => range ?? []));
  const lacking = ranged.flatMap(({ name, range }) => (range === null ? [name] : []));
  const sentences = [
    ...(groups.length === 0
      ? []
      : [
          `No order is claimed between: ${groups.map((group) => group.map(({ name }) => name).join(', ')).join('; ')} (ranges overlap).`,
        ]),
    ...(lacking.length === 0 ? [] : [`Nothing is claimed of ${lacking.join(', ')}: some boot lacks the figure.`]),
  ];
  if (sentences.length > 0) return sentences.join(' ');
  return `All ranges over boots are apart, as those of equals would be in 1 of ${Math.round(1 / chanceApart(boots, boots))} pairs.`;
}
