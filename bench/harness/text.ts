// SPDX-License-Identifier: MIT
/** The document for people: a table of what each operation takes, with its spread and what gets through. */

import { durationScale, threeDigits } from '../report/format.ts';
import { plainText } from '../report/plain-text.ts';
import { count } from '../words.ts';
import type { HarnessDocument, TaskResult } from './document.ts';

type Figures = Omit<NonNullable<TaskResult['measured']>, 'batch'>;
type Hammer = NonNullable<HarnessDocument['hammer']>;

const headings = ['', 'median', 'least … most', '±', 'samples', 'rate'];
const footnote =
  "median, least and most: of samples, each a batch of operations over their number. ±: the mean's 95% interval, were samples independent.";

export function harnessText({ at, tool, host, run, tasks, hammer }: HarnessDocument): string {
  const commit = tool.commit === null ? 'no commit' : `${tool.commit.slice(0, 12)}${tool.dirty ? ', changed' : ''}`;
  const head = [
    `keystorm ${tool.version} (${commit}) on ${host.name}: ${host.cpus} × ${host.cpuModel}, Node.js ${host.node}, ${at.slice(0, 16).replace('T', ' ')} UTC`,
    `run ${run}`,
  ];
  const blocks = [
    head,
    ...(tasks.length > 0 ? [taskLines(tasks)] : []),
    ...(hammer === null ? [] : [hammerLines(hammer)]),
  ];
  return blocks.map((lines) => lines.map(plainText).join('\n')).join('\n\n');
}

function taskLines(tasks: readonly TaskResult[]): string[] {
  const groups = [...new Set(tasks.map(({ group }) => group))];
  const rows = groups.flatMap((group) => [
    [group],
    ...tasks
      .filter((task) => task.group === group)
      .map(({ name, measured, reason, rate }) => {
        if (measured === null) return [`  ${name}`, `no figure: ${reason}`];
        const through = rate === null ? '' : rateText(rate.value, rate.unit);
        return [`  ${name}`, ...figureColumns(measured, `${measured.samples} × ${measured.batch}`), through];
      }),
  ]);
  return [...aligned([headings, ...rows]), '', footnote];
}

function hammerLines({ figures, overheads }: Hammer): string[] {
  const rows = figures.map(({ mechanism, timing, measured, withoutFigure }) => [
    `  ${mechanism}, ${timing === 'each' ? 'timed one by one' : 'in batches'}`,
    ...figureColumns(measured, count(measured.samples, 'window')),
    withoutFigure === 0 ? '' : `${count(withoutFigure, 'window')} without an answer`,
  ]);
  return [
    'hammer: time per request, a figure a window',
    ...aligned([headings.slice(0, -1), ...rows]),
    '',
    'hammer.overhead: share of the throughput that timing each request costs, from neighbouring windows',
    ...overheads.map((each) => `  ${each.mechanism}: ${overheadText(each)}`),
  ];
}

function overheadText({ value, low, high, reason, pairs, boots }: Hammer['overheads'][number]): string {
  if (value === null) return `no figure: ${reason ?? 'unknown'}`;
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const interval = low === null || high === null ? '' : ` [${percent(low)} .. ${percent(high)}]`;
  return `${percent(value)}${interval}, ${count(pairs, 'pair')} of ${count(boots, 'boot')}`;
}

function figureColumns({ p50, min, max, relativeError }: Figures, samples: string): string[] {
  const { factor, unit } = durationScale(p50);
  const scaled = (ns: number) => threeDigits(ns / factor);
  return [
    `${scaled(p50)} ${unit}`,
    `${scaled(min)} … ${scaled(max)} ${unit}`,
    `${(relativeError * 100).toFixed(1)}%`,
    samples,
  ];
}

function rateText(value: number, unit: string): string {
  if (unit === 'byte') return `${threeDigits(value / 1e6)} MB/s`;
  const [factor, prefix] = value >= 1e6 ? [1e6, ' million'] : value >= 1e4 ? [1e3, ' thousand'] : [1, ''];
  return `${threeDigits(value / factor)}${prefix} ${unit}s/s`;
}

/** The first column to the left, figures to the right; a row that is short has prose in its last cell. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const full = rows.filter((row) => row.length > 2);
  const widths = headings.map((_, i) => Math.max(0, ...(i === 0 ? rows : full).map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : row.length > 2 ? cell.padStart(widths[i] ?? 0) : cell))
      .join('  ')
      .trimEnd(),
  );
}
