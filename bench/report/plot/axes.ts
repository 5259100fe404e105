// SPDX-License-Identifier: MIT
/** The frame of a plot: grid, ticks, what the axes are. */
import { type Markup, markup } from '../markup.ts';
import type { Scale } from './scale.ts';
import { textWidth } from './svg.ts';

/** The rectangle inside the axes, in the page's units. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const tickSize = 10.5;

/** Ticks of a horizontal axis that leave each other room, the first one always. */
export function roomyTicks({ ticks, at }: Pick<Scale, 'ticks' | 'at'>): Scale['ticks'] {
  let taken = Number.NEGATIVE_INFINITY;
  return ticks.filter(({ value, label }) => {
    const half = textWidth(label, tickSize) / 2;
    if (at(value) - half < taken) return false;
    taken = at(value) + half + 5;
    return true;
  });
}

/** Vertical grid lines with the ticks' names below. */
export function xAxis(scale: Scale, { top, bottom, left, right }: Area, label: string): Markup {
  const named = roomyTicks(scale);
  return markup`${scale.ticks.map(({ value }) => grid(scale.at(value), top, scale.at(value), bottom))}${named.map(
    (tick) => markup`<text class="tick middle" x="${scale.at(tick.value)}" y="${bottom + 14}">${tick.label}</text>`,
  )}<path class="axis" d="M${left} ${bottom}H${right}"/><text class="middle" x="${(left + right) / 2}" y="${bottom + 31}">${label}</text>`;
}

/** Horizontal grid lines with the ticks' names to the left; what the axis is stands above it, where it can be read upright. */
export function yAxis(scale: Scale, { left, right, top }: Area, label: string): Markup {
  return markup`${scale.ticks.map(({ value }) => grid(left, scale.at(value), right, scale.at(value)))}${scale.ticks.map(
    (tick) => markup`<text class="tick end" x="${left - 5}" y="${scale.at(tick.value) + 3.5}">${tick.label}</text>`,
  )}<text x="2" y="${top - 9}">${label}</text>`;
}

function grid(x1: number, y1: number, x2: number, y2: number): Markup {
  return markup`<path class="grid" d="M${x1} ${y1}L${x2} ${y2}"/>`;
}
