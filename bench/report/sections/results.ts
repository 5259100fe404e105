// SPDX-License-Identifier: MIT

import { figure, type Section } from '../html/section.ts';
import { table } from '../html/table.ts';
import { latencyChart } from '../latency-svg.ts';
import { markup } from '../markup.ts';
import { dotChart } from '../plot/dot-chart.ts';
import type { ReportData } from '../report-data.ts';
import { latencyTable, tableSubjects } from '../tables/latency.ts';
import { levelTable } from '../tables/levels.ts';
import { faultScenarios, recoveryTable } from '../tables/recovery.ts';
import type { TableModel } from '../tables/table-model.ts';

/** The figures most will look for: latencies, their ratios, and what faults did. */
export function resultsSection(data: ReportData): Section | null {
  const { metrics, verdicts, machine } = data;
  const tables = [
    ...tableSubjects(metrics).map((subject) => latencyTable(metrics, verdicts, subject)),
    ...[levelTable(metrics)].filter((model) => model !== null),
    ...faultScenarios(metrics).map((scenario) => recoveryTable(metrics, scenario)),
  ];
  if (tables.length === 0) return null;
  const chart = latencyChart(metrics, data.styleOf, 'overview');
  const picture =
    chart === null
      ? null
      : figure(
          [dotChart(chart)],
          'One upcall from a container, when nothing else happens: a marker at the p50, ticks at p90 and p99, each the median over boots and drawn only if all boots have it; the thin bar at the p50 from the lowest to the highest boot; hollow: floors measured in the same boots; to the right, the p50.',
          machine,
        );
  return {
    id: 'results',
    title: 'Results',
    content: [
      markup`<p>Each figure is ${data.boots.length === 1 ? 'of the one boot' : 'the median over the boots, in brackets the lowest and the highest boot; ratios are taken within a boot'}. <em>p50 / floor</em> is over null-actor plus eventfd, under the same scenario in the same boot: the least that an answer by another process can cost. A dash is a figure that is missing; why, stands below the table.</p>`,
      picture,
      tables.map((model) => tableOf(model, machine)),
    ],
  };
}

/** A table of the terminal as one of the page. */
export function tableOf({ title, head, rows, notes }: TableModel, machine: string) {
  return table({ caption: markup`<strong>${title}</strong> [${machine}]`, head, rows, notes });
}
