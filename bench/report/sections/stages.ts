// SPDX-License-Identifier: MIT
/** Where the time of one upcall goes, mechanism by mechanism, and what it costs to ask. */
import { type StagePart, stageParts } from '../../../results/frames.ts';
import type { Metric } from '../../measure/metric.ts';
import { cellWhere, mechanismName } from '../cell-name.ts';
import { combine, findMetric, type PerBoot, perBoot, summarise } from '../figures.ts';
import { figure, type Section } from '../html/section.ts';
import { type Markup, markup } from '../markup.ts';
import { type BarRow, barChart, barKey } from '../plot/bar-chart.ts';
import type { ReportData } from '../report-data.ts';
import { durationFormat, durationText } from '../spread.ts';
import { Notes, type TableModel } from '../tables/table-model.ts';
import { percentFormat } from './cost.ts';
import { tableOf } from './results.ts';

/** What passes in each part; the first word says where. */
const about: Readonly<Record<StagePart, string>> = {
  held: 'from when it was due until it was made',
  enter: 'requester: system call, search, new key, until the module is reached',
  route: 'requester: who answers, and may they; until just before they are told',
  spawn: 'system call, search, new key, and executing the helper until its first instruction (or waking the agent)',
  wake: 'told until the agent runs with the request in hand',
  assume: 'agent: assuming the authority',
  prepare: 'agent: making up the answer',
  instantiate: 'agent: handing it over, until the requester no longer waits',
  finish: 'handing it over, end of the helper, back to the requester',
  return: 'requester: back from the system call',
};

/** Bars that differ more than so many times are not drawn on one axis: the smaller would be a line. */
const mostOnOneAxis = 6;

interface Stages {
  readonly label: string;
  readonly dimensions: Metric['dimensions'];
  readonly means: ReadonlyMap<StagePart, PerBoot>;
  /** Of each boot, for medians of parts are of different boots and add up to nothing. */
  readonly whole: PerBoot;
}

export function stagesSection(data: ReportData): Section | null {
  const all = stagesOf(data.metrics);
  if (all.length === 0) return null;
  const notes = new Notes();
  const used = stageParts.filter((part) => all.some(({ means }) => means.has(part)));
  const overhead = ({ dimensions }: Stages) => {
    return perBoot(findMetric(data.metrics, 'stages.overhead', cellWhere(dimensions)));
  };
  const model: TableModel = {
    title: 'Means of the parts of an upcall; in each boot their sum is the mean of the whole',
    head: ['mechanism', ...used, 'whole', 'throughput lost by asking'],
    rows: all.map((each) => [
      each.label,
      ...used.map((part) => notes.cell(each.label, part, each.means.get(part), durationFormat)),
      notes.cell(each.label, 'whole', each.whole, durationFormat),
      notes.cell(each.label, 'cost', overhead(each), percentFormat),
    ]),
    notes: notes.lines(),
  };
  const pictures = groups(all.map(rowOf)).map((rows, index) => chart(rows, index));
  return {
    id: 'stages',
    title: 'Where the time of an upcall goes',
    content: [
      markup`<p>Each participant notes the time on the way, on the same clock; windows with and without that alternate, and what it costs stands in the table. Differences between figures taken this way are for comparing parts, not for ranking mechanisms.</p>`,
      pictures.length === 0
        ? null
        : figure(
            pictures,
            'Mean of each part, median over boots; beside the name that of the whole, which is added up in each boot. Mechanisms that differ greatly are drawn on axes of their own.',
            data.machine,
            barKey(stageParts, used, (name) => about[name as StagePart]),
          ),
      tableOf(model, data.machine),
    ],
  };
}

function stagesOf(metrics: readonly Metric[]): Stages[] {
  const found = new Map<string, { dimensions: Metric['dimensions']; means: Map<StagePart, PerBoot> }>();
  for (const part of stageParts) {
    for (const metric of metrics.filter(({ name }) => name === `stage.${part}.mean`)) {
      const key = JSON.stringify([cellWhere(metric.dimensions), metric.dimensions.container]);
      const entry = found.get(key) ?? { dimensions: metric.dimensions, means: new Map() };
      found.set(key, entry);
      entry.means.set(part, perBoot(metric));
    }
  }
  const scenarios = new Set([...found.values()].map(({ dimensions }) => dimensions.scenario));
  return [...found.values()].map(({ dimensions, means }) => ({
    label: scenarios.size > 1 ? `${dimensions.scenario}, ${mechanismName(dimensions)}` : mechanismName(dimensions),
    dimensions,
    means,
    whole: combine([...means.values()], (...parts) => parts.reduce((sum, part) => sum + part, 0)),
  }));
}

function rowOf({ label, means, whole }: Stages): BarRow {
  const parts = stageParts.flatMap((name) => {
    const median = means.get(name) === undefined ? undefined : summarise(means.get(name) as PerBoot)?.median;
    return median === undefined ? [] : [{ name, value: median }];
  });
  const sum = summarise(whole);
  return { label, parts, ...(sum === null ? {} : { note: durationText(sum.median) }) };
}

function total({ parts }: Pick<BarRow, 'parts'>): number {
  return parts.reduce((sum, { value }) => sum + value, 0);
}

/** Rows whose bars are of one order, in the order of the plan. */
function groups(rows: readonly BarRow[]): BarRow[][] {
  const drawn = rows.filter((row) => total(row) > 0);
  const bySize = [...drawn].sort((a, b) => total(a) - total(b));
  const found: BarRow[][] = [];
  for (const row of bySize) {
    const last = found.at(-1);
    const least = last?.[0];
    if (last !== undefined && least !== undefined && total(row) <= mostOnOneAxis * total(least)) last.push(row);
    else found.push([row]);
  }
  return found.map((group) => drawn.filter((row) => group.includes(row)));
}

function chart(rows: readonly BarRow[], index: number): Markup {
  return barChart({
    id: `stages-${index}`,
    title: 'Parts of an upcall',
    description: `${rows
      .map(
        ({ label, parts }) =>
          `${label}: ${parts.map(({ name, value }) => `${name} ${durationText(value)}`).join(', ')}`,
      )
      .join('; ')}.`,
    xLabel: 'time, linear',
    format: durationText,
    rows,
    names: stageParts,
  });
}
