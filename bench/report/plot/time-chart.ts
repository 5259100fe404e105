// SPDX-License-Identifier: MIT
/**
 * Every request of a window over time. Thousands of requests become columns of a pixel or two, each drawn from its least to its greatest
 * latency, so that no extreme is lost; a strip on top says where requests failed or never ended; times of a fault are shaded.
 */

import { type Content, type Markup, markup } from '../markup.ts';
import { type Area, xAxis, yAxis } from './axes.ts';
import type { Chart } from './chart.ts';
import type { Scale } from './scale.ts';
import type { SeriesStyle } from './series-style.ts';
import { svg, textWidth } from './svg.ts';

export interface TimedRequest {
  /** Position on the horizontal axis. */
  readonly x: number;
  /** Null: it failed or never ended. */
  readonly y: number | null;
}

export interface Shade {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

export interface TimeChart extends Chart {
  readonly requests: readonly TimedRequest[];
  readonly style: SeriesStyle;
  /** Written in the strip of the failed: `426 × ENOKEY`; empty when there are none. */
  readonly failures: string;
  readonly shades: readonly Shade[];
}

const width = 430;
const height = 210;
/** Above the plot: its name, and where there are any the names of faults and the strip of the failed. */
const headroom = { quiet: 24, eventful: 46 };
const columnWidth = 1.5;

export function timeChart(chart: TimeChart): Markup {
  const eventful = chart.shades.length > 0 || chart.failures !== '';
  const area: Area = {
    left: 52,
    top: eventful ? headroom.eventful : headroom.quiet,
    right: width - 20,
    bottom: height - (eventful ? 40 : 62),
  };
  const x = chart.x([area.left, area.right]);
  const y = chart.y([area.bottom, area.top + 6]);
  const content = [
    chart.shades.map((shade) => drawShade(shade, x, area)),
    xAxis(x, area, chart.xLabel),
    yAxis(y, { ...area, top: 20 }, chart.yLabel),
    columns(chart, x, y, area),
    strip(chart, x, area),
    chart.shades.map((shade) => nameOf(shade, x, area)),
  ];
  const { id, title, description } = chart;
  return svg({ id, title, description, width, height: area.bottom + 40, content });
}

/** Least and greatest of each column that has any, from the left. */
export function extremesByColumn(
  points: readonly { readonly x: number; readonly y: number }[],
  columnOf: (x: number) => number,
): { readonly column: number; readonly min: number; readonly max: number }[] {
  const found = new Map<number, { min: number; max: number }>();
  for (const { x, y } of points) {
    const column = columnOf(x);
    const here = found.get(column);
    if (here === undefined) found.set(column, { min: y, max: y });
    else {
      here.min = Math.min(here.min, y);
      here.max = Math.max(here.max, y);
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([column, { min, max }]) => ({ column, min, max }));
}

function columns({ requests, style }: TimeChart, x: Scale, y: Scale, { left, right }: Area): Markup {
  const answered = requests.flatMap((request) => (request.y === null ? [] : [{ x: request.x, y: request.y }]));
  const found = extremesByColumn(answered, (value) => Math.floor((x.at(value) - left) / columnWidth));
  // A bar of no length is a dot, since the ends of lines are round.
  const bars = found.map(({ column, min, max }) => {
    const at = left + (column + 0.5) * columnWidth;
    return markup`M${at} ${y.at(min)}V${y.at(max)}`;
  });
  const few = found.length < (right - left) / columnWidth / 1.6 ? ' sparse' : '';
  return markup`<path class="bars ${style.className}${few}" d="${bars.length === 0 ? 'M0 0' : bars}"/>`;
}

/** Ticks above the plot, one a column in which a request began that was not answered. */
function strip({ requests, failures }: TimeChart, x: Scale, { left, top, right }: Area): Content {
  if (failures === '') return null;
  const failed = requests.flatMap((request) => (request.y === null ? [{ x: request.x, y: 0 }] : []));
  const places = extremesByColumn(failed, (value) => Math.floor((x.at(value) - left) / columnWidth)).map(
    ({ column }) => left + (column + 0.5) * columnWidth,
  );
  const [first, last] = [places[0], places.at(-1)];
  // What never began has no place on the axis.
  if (first === undefined || last === undefined)
    return markup`<text class="end" x="${right}" y="${top}">${failures}</text>`;
  const room = textWidth(failures, 11);
  const after = last + 6 + room <= right;
  const place = after ? markup`class="onpage" x="${last + 6}"` : markup`class="onpage end" x="${first - 6}"`;
  return markup`<path class="fail" d="${places.map((at) => markup`M${at} ${top - 8}v9`)}"/><text ${place} y="${top}">${failures}</text>`;
}

function drawShade({ from, to }: Shade, x: Scale, { top, bottom }: Area): Markup {
  return markup`<rect class="shade" x="${x.at(from)}" y="${top - 10}" width="${Math.max(1, x.at(to) - x.at(from))}" height="${bottom - top + 10}"/><path class="rule" d="M${x.at(from)} ${top - 10}V${bottom}M${x.at(to)} ${top - 10}V${bottom}"/>`;
}

function nameOf({ from, to, name }: Shade, x: Scale, { left, right, top }: Area): Markup {
  const half = textWidth(name, 11) / 2;
  const middle = Math.min(Math.max((x.at(from) + x.at(to)) / 2, left + half), right - half);
  return markup`<text class="middle" x="${middle}" y="${top - 15}">${name}</text>`;
}
