// SPDX-License-Identifier: MIT
/** Lines over a pair of axes, each with its range as a band, its dash, its markers and its name beside it. */

import { type Content, type Markup, markup } from '../markup.ts';
import { type Area, xAxis, yAxis } from './axes.ts';
import type { Chart } from './chart.ts';
import { type Point, placeLabels } from './labels.ts';
import type { Scale } from './scale.ts';
import { markerAt, type SeriesStyle } from './series-style.ts';
import { simplified } from './simplify.ts';
import { svg } from './svg.ts';

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** Least and greatest of the boots; absent where there is one boot. For `bandAlong: 'x'` they are of x. */
  readonly low?: number;
  readonly high?: number;
  /** With a marker; a hollow one stands for something less. */
  readonly marked?: boolean;
  readonly hollow?: boolean;
}

export interface Line {
  readonly name: string;
  readonly style: SeriesStyle;
  readonly points: readonly LinePoint[];
}

export interface LineChart extends Chart {
  readonly lines: readonly Line[];
  /** Does the range of a point lie along x (a CDF's) or along y? */
  readonly bandAlong: 'x' | 'y';
  readonly height?: number;
  /** Drawn between the grid and the lines, and above the lines. */
  readonly below?: (x: Scale, y: Scale, area: Area) => Content;
  readonly above?: (x: Scale, y: Scale, area: Area) => Content;
}

const width = 430;

export function lineChart(chart: LineChart): Markup {
  const height = chart.height ?? 280;
  const area: Area = { left: 52, top: 28, right: width - 24, bottom: height - 40 };
  const x = chart.x([area.left, area.right]);
  const y = chart.y([area.bottom, area.top]);
  const onPage = chart.lines.map(({ name, style, points }) => ({
    name,
    style,
    points: points.map((point): Point => ({ x: x.at(point.x), y: y.at(point.y) })),
  }));
  const labels = placeLabels(onPage, area);
  const content = [
    xAxis(x, area, chart.xLabel),
    yAxis(y, area, chart.yLabel),
    chart.below?.(x, y, area) ?? null,
    ...chart.lines.map((line) => band(line, x, y, chart.bandAlong)),
    ...onPage.map(({ style, points }) => polyline(points, style)),
    ...chart.lines.flatMap(({ style, points }) =>
      points.filter(({ marked }) => marked).map((point) => markerAt(style, x.at(point.x), y.at(point.y), point.hollow)),
    ),
    chart.above?.(x, y, area) ?? null,
    ...labels.map((label) => {
      const style = chart.lines.find(({ name }) => name === label.name)?.style.className ?? '';
      return markup`<text class="halo ${style}" x="${label.x}" y="${label.y}">${label.name}</text>`;
    }),
  ];
  return svg({ id: chart.id, title: chart.title, description: chart.description, width, height, content });
}

function polyline(points: readonly Point[], { className, dash }: SeriesStyle): Markup | null {
  if (points.length < 2) return null;
  const dashes = dash === '' ? null : markup` stroke-dasharray="${dash}"`;
  return markup`<path class="line ${className}"${dashes} d="${pathOf(points)}"/>`;
}

function band({ style, points }: Line, x: Scale, y: Scale, along: 'x' | 'y'): Markup | null {
  const ranged = points.flatMap((point) => {
    const { low, high } = point;
    if (low === undefined || high === undefined) return [];
    const at = (value: number): Point =>
      along === 'x' ? { x: x.at(value), y: y.at(point.y) } : { x: x.at(point.x), y: y.at(value) };
    return [{ low: at(low), high: at(high) }];
  });
  if (ranged.length < 2) return null;
  const there = ranged.map(({ low }) => low);
  const back = ranged.map(({ high }) => high).reverse();
  return markup`<path class="band ${style.className}" d="${pathOf([...there, ...back])}Z"/>`;
}

/** `M1 2 3 4`: what follows a move is a line. */
function pathOf(points: readonly Point[]): Markup {
  return markup`M${simplified(points).map(({ x, y }, index) => markup`${index === 0 ? '' : ' '}${x} ${y}`)}`;
}

/** What stands below the picture: every line with its dash, its marker and its name. */
export function legend(lines: readonly Pick<Line, 'name' | 'style'>[]): Markup {
  return markup`<ul class="legend">${lines.map(({ name, style }) => {
    const dashes = style.dash === '' ? null : markup` stroke-dasharray="${style.dash}"`;
    return markup`<li><svg class="plot key" viewBox="0 0 44 12" aria-hidden="true"><path class="line ${style.className}"${dashes} d="M1 6H43"/>${markerAt(style, 22, 6)}</svg> ${name}</li>`;
  })}</ul>`;
}
