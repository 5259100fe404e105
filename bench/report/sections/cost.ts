// SPDX-License-Identifier: MIT
/** What measuring itself costs, and what else was going on while a window was open. */

import { type HammerOverhead, hammerOverheads } from '../../measure/hammer.ts';
import type { Metric } from '../../measure/metric.ts';
import { count } from '../../words.ts';
import { cellName } from '../cell-name.ts';
import { combine, type PerBoot, perBoot } from '../figures.ts';
import { threeDigits } from '../format.ts';
import type { Section } from '../html/section.ts';
import { table } from '../html/table.ts';
import { markup } from '../markup.ts';
import type { ReportData } from '../report-data.ts';
import { type Format, plainFormat } from '../spread.ts';
import { Notes } from '../tables/table-model.ts';

/** A share of one as percent. */
export const percentFormat: Format = () => ({ text: (value) => threeDigits(value * 100), unit: ' %' });

const perBootFigures = [
  ['harness.cpu_share', 'processor time of the harness on the host over the time windows were open', percentFormat],
] as const;

/** Summed over the cells of a boot: nothing should cross the guest's border while it is being measured. */
const summedFigures = [
  ['window.packets', 'network packets in and out of the guest while windows were open, all cells', plainFormat],
  ['window.bytes', 'their bytes', plainFormat],
  ['window.console_bytes', 'bytes of programs over the serial console while windows were open, all cells', plainFormat],
  ['window.kernel_log_bytes', 'bytes that the guest’s kernel wrote there of its own log', plainFormat],
] as const;

export function costSection({ metrics, machine, run }: ReportData): Section | null {
  const notes = new Notes();
  const row = (name: string, what: string, figure: PerBoot, format: Format) => [
    name,
    notes.cell(name, 'value', figure, format),
    what,
  ];
  const named = (name: string) => metrics.filter((metric) => metric.name === name);
  const rows = [
    ...hammerOverheads(run).map(({ dimensions, overhead, pairs, boots }) => {
      const label = `hammer.overhead, ${dimensions.mechanism}`;
      return [
        label,
        `${interval(overhead)}\n${count(pairs, 'pair')} of windows in ${count(boots, 'boot')}`,
        'throughput that is lost by timing each request, against two clock reads in 1,000 requests, in neighbouring windows',
      ];
    }),
    ...perBootFigures.flatMap(([name, what, format]) =>
      named(name).map((metric) => row(name, what, perBoot(metric), format)),
    ),
    ...summedFigures.flatMap(([name, what, format]) => {
      const all = named(name).map(perBoot);
      return all.length === 0
        ? []
        : [
            row(
              name,
              what,
              combine(all, (...values) => values.reduce((a, b) => a + b, 0)),
              format,
            ),
          ];
    }),
    ...stealRows(metrics, notes),
  ];
  if (rows.length === 0) return null;
  const busy = named('window.packets').filter(({ samples }) => samples.some(({ value }) => (value ?? 0) > 0));
  return {
    id: 'cost',
    title: 'What measuring costs, and what else went on',
    content: [
      markup`<p>The requesters take the time of each request; the harness on the host waits; nothing is said between host and guest while a window is open.</p>`,
      table({
        caption: markup`<strong>What measuring costs</strong> [${machine}]`,
        head: ['figure', 'value'],
        rows: rows.map(([name = '', value = '', what = '']) => [
          markup`${name}<br/><small class="about">${what}</small>`,
          value,
        ]),
        notes: notes.lines(),
      }),
      busy.length === 0
        ? null
        : markup`<p>Packets crossed the border in windows of: ${busy.map(({ dimensions }) => cellName(dimensions)).join(', ')}.</p>`,
    ],
  };
}

/** The worst cell of each boot: an average would hide the one window in which the host was busy. */
function stealRows(metrics: readonly Metric[], notes: Notes): string[][] {
  const all = metrics.filter(({ name }) => name === 'host.steal_share').map(perBoot);
  if (all.length === 0) return [];
  const worst = combine(all, (...values) => Math.max(...values));
  const what = 'processor time that the host took from the guest, of the cell where it was most';
  return [['host.steal_share', notes.cell('host.steal_share', 'value', worst, percentFormat), what]];
}

/** An estimate and where it lies with the confidence that it names. */
export function interval(measured: HammerOverhead['overhead']): string {
  if (measured.value === null) return `– (${measured.reason})`;
  const [value, low, high] = [measured.value, measured.interval?.low, measured.interval?.high].map((each) =>
    each === undefined ? '' : threeDigits(each * 100),
  );
  const { interval: known } = measured;
  return known === undefined
    ? `${value} %`
    : `${value} % [${low}..${high}, ${threeDigits(known.confidence * 100)}% confidence]`;
}
