// SPDX-License-Identifier: MIT
/**
 * Stacked bars on one horizontal axis that begins at zero: what something is made of. Neighbouring parts differ in colour and in
 * weight, and are named inside where there is room, so that a print in grey loses nothing.
 */
import { type Content, type Markup, markup } from '../markup.ts';
import { type Area, xAxis } from './axes.ts';
import { linearScale, type Scale } from './scale.ts';
import { partInks } from './series-style.ts';
import { svg, textWidth } from './svg.ts';

export interface BarPart {
  readonly name: string;
  /** At least 0, in the axis' unit. */
  readonly value: number;
}

export interface BarRow {
  readonly label: string;
  /** In the order in which they are stacked. */
  readonly parts: readonly BarPart[];
  /** At the right end of the words above the bar. */
  readonly note?: string;
}

export interface BarChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  /** A tick's text. */
  readonly format: (value: number) => string;
  readonly rows: readonly BarRow[];
  /** Every part that can come up, in order: a part has one look in all charts that are given the same list. */
  readonly names: readonly string[];
}

const width = 430;
const rowHeight = 42;
const barHeight = 16;

export function barChart(chart: BarChart): Markup {
  const area: Area = { left: 12, top: 4, right: width - 12, bottom: 4 + chart.rows.length * rowHeight };
  const ends = chart.rows.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const x = linearScale([0, ...ends], [area.left, area.right - 14], chart.format, 70);
  const { id, title, description, xLabel, names } = chart;
  const content = [
    xAxis(x, area, xLabel),
    ...chart.rows.map((row, index) => drawRow(row, area.top + index * rowHeight, x, area, names)),
  ];
  return svg({ id, title, description, width, height: area.bottom + 40, content });
}

function drawRow(row: BarRow, top: number, x: Scale, { left, right }: Area, names: readonly string[]): Markup {
  const y = top + 18;
  let from = 0;
  const parts = row.parts.map((part) => {
    const drawn = drawPart(part, x.at(from), x.at(from + part.value), y, names);
    from += part.value;
    return drawn;
  });
  const note =
    row.note === undefined ? null : markup`<text class="end onpage" x="${right}" y="${top + 13}">${row.note}</text>`;
  return markup`<text class="name onpage" x="${left}" y="${top + 13}">${row.label}</text>${note}${parts}`;
}

function drawPart({ name }: BarPart, from: number, to: number, y: number, names: readonly string[]): Content {
  if (to - from < 0.1) return null;
  const box = markup`<path class="part ${lookOf(name, names)}" d="M${from} ${y}H${to}V${y + barHeight}H${from}z"/>`;
  if (to - from < textWidth(name, 10.5) + 6) return box;
  const kind = isHeavy(name, names) ? 'onink' : 'onlight';
  return [box, markup`<text class="middle ${kind}" x="${(from + to) / 2}" y="${y + 12}">${name}</text>`];
}

/** A key of the parts: the same boxes with their names, and what each is. */
export function barKey(names: readonly string[], used: readonly string[], about: (name: string) => string): Markup {
  const items = names
    .filter((name) => used.includes(name))
    .map(
      (name) =>
        markup`<li><svg class="plot key" viewBox="0 0 44 12" aria-hidden="true"><path class="part ${lookOf(name, names)}" d="M8 1H36V11H8z"/></svg> <strong>${name}</strong> ${about(name)}</li>`,
    );
  return markup`<ul class="legend">${items}</ul>`;
}

function lookOf(name: string, names: readonly string[]): string {
  const index = Math.max(0, names.indexOf(name));
  return `s${index % partInks.length} ${isHeavy(name, names) ? 'heavy' : 'light'}`;
}

/** Every other part is filled fully: neighbours differ also where colours cannot be told apart. */
function isHeavy(name: string, names: readonly string[]): boolean {
  return names.indexOf(name) % 2 === 0;
}
