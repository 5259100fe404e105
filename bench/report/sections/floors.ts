// SPDX-License-Identifier: MIT
import { findMetric, perBoot } from '../figures.ts';
import { figure, type Section } from '../html/section.ts';
import { dotOf } from '../latency-svg.ts';
import { markup } from '../markup.ts';
import { type DotRow, dotChart } from '../plot/dot-chart.ts';
import { logScale } from '../plot/scale.ts';
import { seriesStyle } from '../plot/series-style.ts';
import type { ReportData } from '../report-data.ts';
import { durationFormat, durationText } from '../spread.ts';
import { Notes, type TableModel } from '../tables/table-model.ts';
import { tableOf } from './results.ts';

/** Name of the metric, and what is done there. */
export const floors = [
  ['syscall', 'a bare system call'],
  ['eventfd', 'an eventfd ping-pong between two processes'],
  ['add_key', 'add_key()'],
  ['null_actor', 'request_key() answered by the module itself'],
  ['vfork_exec', 'vfork, exec of a static program, and wait'],
] as const;

/** What nothing can be faster than, measured in the same boots. */
export function floorsSection({ metrics, machine }: ReportData): Section | null {
  const notes = new Notes();
  const found = floors.flatMap(([name, what]) => {
    const where = name === 'null_actor' ? { scenario: 'latency' } : {};
    const metric = findMetric(metrics, `floor.${name}.p50`, where);
    return metric === undefined ? [] : [{ name, what, values: perBoot(metric) }];
  });
  if (found.length === 0) return null;
  const rows = found.flatMap(({ name, values }): DotRow[] => {
    const dot = dotOf(values);
    return dot === null ? [] : [{ label: name, style: seriesStyle(0), dots: [dot], note: durationText(dot.value) }];
  });
  const ends = rows.flatMap(({ dots }) => dots.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]));
  const model: TableModel = {
    title: 'p50 of each floor',
    head: ['floor', 'p50', 'what is timed'],
    rows: found.map(({ name, what, values }) => [name, notes.cell(name, 'p50', values, durationFormat), what]),
    notes: notes.lines(),
  };
  const chart =
    ends.length === 0 || Math.min(...ends) <= 0
      ? null
      : dotChart({
          id: 'floors-plot',
          title: 'Floors',
          description: `${rows.map(({ label, note }) => `${label}: ${note}`).join('; ')}.`,
          xLabel: 'p50, logarithmic',
          x: (range) => logScale(ends, range, durationText, 64),
          rows,
        });
  return {
    id: 'floors',
    title: 'Floors',
    content: [
      markup`<p>Measured in the same boots as everything else: what the parts of an upcall cost by themselves.</p>`,
      chart === null ? null : figure([chart], 'Median over boots, bars from the lowest to the highest boot.', machine),
      tableOf(model, machine),
    ],
  };
}
