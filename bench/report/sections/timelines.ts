// SPDX-License-Identifier: MIT
import type { CellPlan } from '../../../results/plan.ts';
import { cellDimensions } from '../../measure/dimensions.ts';
import { cellName } from '../cell-name.ts';
import { figure, type Section } from '../html/section.ts';
import { type Markup, markup } from '../markup.ts';
import { logScale, spanScale } from '../plot/scale.ts';
import { timeChart } from '../plot/time-chart.ts';
import type { ReportData } from '../report-data.ts';
import { durationText } from '../spread.ts';
import { isClosed } from '../tables/latency.ts';
import { offeredRate } from '../tables/open-loop.ts';
import { type Timeline, timelinesOf } from '../timeline.ts';

/** More windows of one cell than this would say the same again, and make the page large. */
const mostWindows = 2;

/** Every request of a window over its time: what a fault did while it was on, and to whom. */
export function timelinesSection(data: ReportData): Section | null {
  const figures = data.run.manifest.plan.cells.flatMap((cell) => {
    const windows = timelinesOf(data.viewsOf(cell));
    const last = windows.at(-1);
    // Of several rates the least and the greatest.
    const shown =
      windows.length > mostWindows && last !== undefined ? [...windows.slice(0, mostWindows - 1), last] : windows;
    return drawCell(data, cell, shown.flat());
  });
  if (figures.length === 0) return null;
  return {
    id: 'time',
    title: 'Latency over time',
    content: [
      markup`<p>Every request of one window, at the time it began (in open loop: was to begin). Where many share a pixel, the bar reaches from the least latency to the greatest. The ticks above the plot are requests that failed or never ended.</p>`,
      figures,
    ],
  };
}

function drawCell(data: ReportData, cell: CellPlan, timelines: readonly Timeline[]): Markup[] {
  const [first] = timelines;
  const latencies = timelines.flatMap(({ requests }) => requests.flatMap(({ y }) => (y === null ? [] : [y])));
  if (first === undefined || latencies.length === 0) return [];
  const title = cellName(cellDimensions(cell));
  const pictures = timelines.map((timeline) => {
    const load = isClosed(timeline.load) ? '' : `, ${offeredRate(timeline.load)} starts a second`;
    const name = `${timeline.role === 'subject' ? 'container' : timeline.role}${load}`;
    return timeChart({
      id: `time-${cell.id}-${timeline.window}-${timeline.role}`,
      title: `${title}: latency over time, ${name}`,
      description: describe(timeline),
      xLabel: 's since the window began',
      yLabel: name,
      x: (range) => spanScale(timeline.seconds, range, String),
      // One axis for all, so that they can be compared.
      y: (range) => logScale(latencies, range, durationText, 24),
      requests: timeline.requests,
      style: data.styleOf(cell.mechanism.name),
      failures: timeline.failures,
      shades: timeline.faults,
    });
  });
  const indices = [...new Set(timelines.map(({ window }) => window))];
  const windows = `window${indices.length === 1 ? '' : 's'} ${indices.join(' and ')}`;
  const others = data.boots.length > 1 ? `; boot ${first.boot}, the first of ${data.boots.length} that has it` : '';
  const caption = `Latency on a logarithmic axis; ${windows} of the cell${others}.`;
  return [markup`<h3>${title}</h3>${figure(pictures, caption, data.machine)}`];
}

function describe({ role, requests, failures, faults }: Timeline): string {
  const answered = requests.flatMap(({ y }) => (y === null ? [] : [y])).sort((a, b) => a - b);
  const extremes =
    answered.length === 0
      ? 'none answered'
      : `latencies from ${durationText(answered[0] ?? 0)} to ${durationText(answered.at(-1) ?? 0)}`;
  const when = faults.map(({ from, to, name }) => ` From ${from.toFixed(2)} to ${to.toFixed(2)} s: ${name}.`);
  return `${requests.length} requests of the ${role}, ${extremes}${failures === '' ? '' : `; ${failures}`}.${when.join('')}`;
}
