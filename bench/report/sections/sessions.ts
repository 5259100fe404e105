// SPDX-License-Identifier: MIT
/** A session of many windows: latency and throughput over its whole time, with the times of faults shaded. */
import type { CellPlan } from '../../../results/plan.ts';
import { cellDimensions } from '../../measure/dimensions.ts';
import { count } from '../../words.ts';
import { cellName } from '../cell-name.ts';
import { threeDigits } from '../format.ts';
import { figure, type Section } from '../html/section.ts';
import { type Markup, markup } from '../markup.ts';
import { lineChart } from '../plot/line-chart.ts';
import { linearScale, logScale, spanScale } from '../plot/scale.ts';
import { seriesStyle } from '../plot/series-style.ts';
import { timeChart } from '../plot/time-chart.ts';
import type { ReportData } from '../report-data.ts';
import { type Session, type SessionRole, sessionOf } from '../session.ts';
import { durationText } from '../spread.ts';

export function sessionsSection(data: ReportData): Section | null {
  const figures = data.run.manifest.plan.cells.flatMap((cell) => {
    const session = sessionOf(data.viewsOf(cell));
    return session === null ? [] : drawSession(data, cell, session);
  });
  if (figures.length === 0) return null;
  return {
    id: 'sessions',
    title: 'A session over its time',
    content: [
      markup`<p>Every request of all windows, and what was answered in a second, with the times of faults shaded. Where many requests share a pixel, the bar reaches from the least latency to the greatest; ticks above the plot are requests that failed or never ended.</p>`,
      figures,
    ],
  };
}

function drawSession(data: ReportData, cell: CellPlan, session: Session): Markup[] {
  const { roles, seconds, shades, hits } = session;
  const latencies = roles.flatMap(({ requests }) => requests.flatMap(({ y }) => (y === null ? [] : [y])));
  if (latencies.length === 0) return [];
  const title = cellName(cellDimensions(cell));
  const xLabel = 's since the session began';
  const over = roles.map((each) =>
    timeChart({
      id: `session-${cell.id}-${each.role}`,
      title: `${title}: latency over the session, ${each.role}`,
      description: describe(each, session),
      xLabel,
      yLabel: each.role,
      x: (range) => spanScale(seconds, range, String),
      y: (range) => logScale(latencies, range, durationText, 24),
      requests: each.requests,
      style: data.styleOf(cell.mechanism.name),
      failures: failedOf(each),
      shades,
    }),
  );
  const rates = roles.flatMap(({ served }) => served.map(({ y }) => y));
  const throughput = lineChart({
    id: `session-${cell.id}-served`,
    title: `${title}: answered in a second, over the session`,
    description: roles.map(({ role, served }) => `${role}: ${rangeOf(served)} a second.`).join(' '),
    xLabel,
    yLabel: 'answered in a second, a point a window',
    x: (range) => spanScale(seconds, range, String),
    y: (range) => linearScale([0, ...rates], range, threeDigits),
    lines: roles.map(({ role, served }, index) => ({ name: role, style: seriesStyle(index), points: served })),
    bandAlong: 'y',
    below: (x, _y, { top, bottom }) =>
      shades.map(
        ({ from, to }) =>
          markup`<rect class="shade" x="${x.at(from)}" y="${top}" width="${Math.max(1, x.at(to) - x.at(from))}" height="${bottom - top}"/>`,
      ),
  });
  const what = [...hits].map(([name, n]) => `${name} (${count(n, 'hit')})`).join(', ');
  const caption = `Faults: ${what}. Latency on a logarithmic axis; boot ${session.boot}.`;
  return [markup`<h3>${title}</h3>${figure([...over, throughput], caption, data.machine)}`];
}

/** Shorter than the list of its errnos, which the description has. */
function failedOf({ errors }: SessionRole): string {
  const failed = Object.values(errors).reduce((sum, n) => sum + n, 0);
  return failed === 0 ? '' : `${failed} failed`;
}

function failuresOf({ errors }: SessionRole): string {
  return Object.entries(errors)
    .map(([errno, n]) => `${n} × ${errno}`)
    .join(', ');
}

function describe(each: SessionRole, { shades, seconds }: Session): string {
  const failures = failuresOf(each);
  return `${count(each.requests.length, 'request')} of the ${each.role} in ${seconds.toFixed(0)} s, ${count(shades.length, 'fault')}${failures === '' ? '' : `; ${failures}`}.`;
}

function rangeOf(points: readonly { readonly y: number }[]): string {
  const all = points.map(({ y }) => y);
  return `from ${threeDigits(Math.min(...all))} to ${threeDigits(Math.max(...all))}`;
}
