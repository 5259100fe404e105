// SPDX-License-Identifier: MIT
/** Rows of figures on one horizontal axis: what a row is about in words above it, a marker at its first figure, ticks at the others. */
import { type Content, type Markup, markup } from '../markup.ts';
import { type Area, xAxis } from './axes.ts';
import type { Range, Scale } from './scale.ts';
import { markerAt, type SeriesStyle } from './series-style.ts';
import { type Picture, svg, textWidth } from './svg.ts';

export interface Dot {
  readonly value: number;
  /** Range over boots; absent with one boot. */
  readonly low?: number;
  readonly high?: number;
  /** Written below the dot if there is room. */
  readonly name?: string;
  /** A short upright line in place of the marker: a figure beside the one that matters. */
  readonly tick?: boolean;
  readonly hollow?: boolean;
}

export interface DotRow {
  readonly label: string;
  readonly style: SeriesStyle;
  readonly dots: readonly Dot[];
  /** A line from the first dot to the last. */
  readonly joined?: boolean;
  /** At the right end of the words. */
  readonly note?: string;
}

export interface DotChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  readonly x: (range: Range) => Scale;
  readonly rows: readonly DotRow[];
  /** A vertical line. */
  readonly rule?: number;
}

const width = 430;

export function dotChart(chart: DotChart): Markup {
  return svg(dotPicture(chart));
}

/** The same as a picture, for a file of its own; `heading` is room above it, and what stands there. */
export function dotPicture(chart: DotChart, heading: { height: number; content: Content } = noHeading): Picture {
  const named = chart.rows.some(({ dots }) => dots.some(({ name }) => name !== undefined));
  const rowHeight = named ? 44 : 35;
  const top = heading.height + 4;
  const area: Area = { left: 12, top, right: width - 12, bottom: top + chart.rows.length * rowHeight };
  const x = chart.x([area.left + 20, area.right - 26]);
  const content = [
    heading.content,
    xAxis(x, area, chart.xLabel),
    chart.rule === undefined ? null : markup`<path class="rule" d="M${x.at(chart.rule)} ${top}V${area.bottom}"/>`,
    ...chart.rows.map((row, index) => drawRow(row, top + index * rowHeight, x, area)),
  ];
  const { id, title, description } = chart;
  return { id, title, description, width, height: area.bottom + 40, content };
}

const noHeading = { height: 0, content: null };

function drawRow({ label, style, dots, joined, note }: DotRow, top: number, x: Scale, { left, right }: Area): Markup {
  const y = top + 24;
  const places = dots.map(({ value }) => x.at(value));
  const line =
    joined === true && places.length > 1
      ? markup`<path class="line ${style.className}" d="M${Math.min(...places)} ${y}H${Math.max(...places)}"/>`
      : null;
  const words =
    note === undefined ? null : markup`<text class="end onpage" x="${right}" y="${top + 13}">${note}</text>`;
  return markup`<text class="name onpage" x="${left}" y="${top + 13}">${label}</text>${words}${line}${dots.map((dot) =>
    drawDot(dot, y, x, style),
  )}${namesOf(dots, y, x)}`;
}

function drawDot(dot: Dot, y: number, x: Scale, style: SeriesStyle): Content {
  const at = x.at(dot.value);
  const bars = rangeBar(dot, y, x, style);
  if (dot.tick !== true) return [bars, markerAt(style, at, y, dot.hollow)];
  return [bars, markup`<path class="bars ${style.className}" d="M${at} ${y - 5}V${y + 5}"/>`];
}

/** A thin bar with ends. */
function rangeBar({ low, high }: Dot, y: number, x: Scale, { className }: SeriesStyle): Markup | null {
  if (low === undefined || high === undefined) return null;
  const [from, to] = [x.at(low), x.at(high)];
  if (to - from < 1) return null;
  return markup`<path class="range ${className}" d="M${from} ${y - 3}V${y + 3}M${from} ${y}H${to}M${to} ${y - 3}V${y + 3}"/>`;
}

/** The names that leave one another room, from the left. */
function namesOf(dots: readonly Dot[], y: number, x: Scale): Markup[] {
  let taken = Number.NEGATIVE_INFINITY;
  return [...dots]
    .sort((a, b) => a.value - b.value)
    .flatMap(({ value, name }) => {
      if (name === undefined) return [];
      const [middle, half] = [x.at(value), textWidth(name, 10) / 2];
      if (middle - half < taken) return [];
      taken = middle + half + 2;
      return [markup`<text class="tick middle" x="${middle}" y="${y + 14}">${name}</text>`];
    });
}
