// SPDX-License-Identifier: MIT
import { matches } from '../figures.ts';
import type { Section } from '../html/section.ts';
import { markup } from '../markup.ts';
import type { ReportData } from '../report-data.ts';
import { plainFormat } from '../spread.ts';
import { figureList } from '../tables/figure-list.ts';
import { tableOf } from './results.ts';

/** How many requests failed, by errno: only what happened in some boot. */
export function errorsSection({ metrics, machine, run }: ReportData): Section {
  const happened = metrics.filter(
    ({ name, dimensions, samples }) =>
      name === 'upcall.errors' && dimensions.errno !== 'all' && samples.some(({ value }) => (value ?? 0) > 0),
  );
  const errnos = [...new Set(happened.map(({ dimensions }) => String(dimensions.errno)))];
  const tables = errnos.map((errno) =>
    figureList(
      metrics.filter((metric) => matches(metric, { errno })),
      `${errno}: requests that ended with it`,
      [{ head: 'requests a boot', metric: 'upcall.errors', format: plainFormat }],
      (metric) => happened.includes(metric),
    ),
  );
  const expected = run.manifest.plan.cells.flatMap((cell) =>
    cell.expectedErrors.length === 0 ? [] : [`${cell.scenario}: ${cell.expectedErrors.join(', ')}`],
  );
  const note = [...new Set(expected)].join('; ');
  return {
    id: 'errors',
    title: 'Errors by errno',
    content: [
      tables.length === 0
        ? markup`<p>No request of a measuring window is known to have failed.</p>`
        : tables.map((model) => (model === null ? null : tableOf(model, machine))),
      note === ''
        ? null
        : markup`<p class="notes">Scenarios whose requests may fail while a fault is on, or must: ${note}. Whether those that failed were such, the verdicts say.</p>`,
    ],
  };
}
