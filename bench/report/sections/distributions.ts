// SPDX-License-Identifier: MIT
/** The whole distribution of latencies, of which the tables give a few percentiles. */
import { type Slice, slicesOf } from '../../../results/cell-view.ts';
import type { CellPlan } from '../../../results/plan.ts';
import { cellDimensions } from '../../measure/dimensions.ts';
import { mechanismName } from '../cell-name.ts';
import { type Curve, curveOf } from '../distribution.ts';
import { figure, type Section } from '../html/section.ts';
import { type Markup, markup } from '../markup.ts';
import { type Line, legend, lineChart } from '../plot/line-chart.ts';
import { linearScale, logScale, tailScale } from '../plot/scale.ts';
import { type SeriesStyle, seriesStyle } from '../plot/series-style.ts';
import type { ReportData } from '../report-data.ts';
import { durationText } from '../spread.ts';
import { isClosed } from '../tables/latency.ts';
import { offeredRate } from '../tables/open-loop.ts';

interface Named {
  readonly name: string;
  readonly style: SeriesStyle;
  readonly curve: Curve;
}

/** Percentiles at which a curve has a marker: those that the tables give. */
const marked = [0.5, 0.9, 0.99, 0.999];

export function distributionsSection(data: ReportData): Section | null {
  const figures = [...closedFigures(data), ...openFigures(data)];
  if (figures.length === 0) return null;
  return {
    id: 'distributions',
    title: 'Latency distributions',
    content: [
      markup`<p>At each percentile the line is ${data.boots.length === 1 ? 'that of the one boot' : 'the median over the boots of the boots’ own percentiles, the band behind it from the lowest to the highest boot'}; markers at p50, p90, p99 and p99.9, the figures of the tables. A line ends where a boot has fewer than 10 samples beyond. Left: what share of the requests took at most so long. Right: the tail, each step on the axis a tenth of the requests of the one before.</p>`,
      figures,
    ],
  };
}

/** One figure a scenario and role: a line a mechanism. */
function closedFigures(data: ReportData): Markup[] {
  return groups(data, ({ role, phase, load }) => role !== 'bystander' && phase === 'steady' && isClosed(load)).flatMap(
    ({ scenario, role, members }, index) => {
      const named = members.map(({ cell, slice }) => ({
        name: mechanismName(cellDimensions(cell)),
        style: data.styleOf(cell.mechanism.name),
        curve: curveOf(data.viewsOf(cell), slice),
      }));
      const drawn = named.filter(({ curve }) => curve.points.length > 1);
      if (drawn.length === 0) return [];
      const title = `${scenario}${role === 'subject' ? '' : `, ${role}, while no fault is on`}`;
      const pictures = [cdf(drawn, title, `cdf-${index}`), tail(drawn, title, `tail-${index}`)];
      return [markup`<h3>${title}</h3>${figure(pictures, basis(named), data.machine, legend(drawn))}`];
    },
  );
}

/** One figure a scenario: a picture a mechanism, a line a rate. */
function openFigures(data: ReportData): Markup[] {
  const all = groups(data, ({ role, load }) => role !== 'bystander' && offeredRate(load) !== null);
  // Where windows with a fault are compared with others, the tables say what the others were like.
  const open = all.filter(
    ({ scenario, phase }) =>
      phase === 'fault' || !all.some((other) => other.scenario === scenario && other.phase === 'fault'),
  );
  return open.flatMap(({ scenario, role, phase, members }, index) => {
    const title = `${scenario}${role === 'subject' ? '' : `, ${role}`}${phase === 'fault' ? ', windows with a fault' : ''}: by offered rate`;
    const pictures = [...new Set(members.map(({ cell }) => cell))].flatMap((cell, at) => {
      const rates = members
        .filter((member) => member.cell === cell)
        .map(({ slice }) => ({ slice, rate: offeredRate(slice.load) ?? 0 }))
        .sort((a, b) => a.rate - b.rate);
      const named = rates.map(({ slice, rate }, order) => ({
        name: `${rate}/s`,
        style: seriesStyle(order),
        curve: curveOf(data.viewsOf(cell), slice),
      }));
      const drawn = named.filter(({ curve }) => curve.points.length > 1);
      const name = mechanismName(cellDimensions(cell));
      return drawn.length === 0
        ? []
        : [
            markup`<div><strong>${name}</strong>${tail(drawn, `${title}, ${name}`, `rates-${index}-${at}`)}${legend(drawn)}</div>`,
          ];
    });
    if (pictures.length === 0) return [];
    const caption =
      'Latencies from the intended start; a start that was never made counts as longer than any that was, so that lines of an overloaded mechanism end early.';
    return [markup`<h3>${title}</h3>${figure(pictures, caption, data.machine)}`];
  });
}

interface Group {
  readonly scenario: string;
  readonly role: Slice['role'];
  readonly phase: Slice['phase'];
  readonly members: readonly { readonly cell: CellPlan; readonly slice: Slice }[];
}

/** Slices that share a picture, in the plan's order. The floor has its own. */
function groups({ run }: ReportData, wanted: (slice: Slice) => boolean): Group[] {
  const found = new Map<string, Group & { members: { cell: CellPlan; slice: Slice }[] }>();
  for (const cell of run.manifest.plan.cells) {
    for (const slice of slicesOf(cell).filter(wanted)) {
      const { role, phase } = slice;
      const key = JSON.stringify([cell.scenario, role, phase]);
      const group = found.get(key) ?? { scenario: cell.scenario, role, phase, members: [] };
      found.set(key, group);
      group.members.push({ cell, slice });
    }
  }
  return [...found.values()];
}

/** How much stands behind each line, and what is missing. */
function basis(named: readonly Named[]): string {
  const parts = named.map(({ name, curve: { boots, planned, requests, reasons } }) => {
    const missing = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
    return `${name}: ${requests} ok requests in ${boots} of ${planned} boots${missing}`;
  });
  return `${parts.join('; ')}.`;
}

function cdf(named: readonly Named[], title: string, id: string): Markup {
  const values = valuesOf(named);
  return lineChart({
    id,
    title: `${title}: cumulative distribution of latencies`,
    description: describe(named),
    xLabel: 'latency, logarithmic',
    yLabel: 'share of requests',
    x: (range) => logScale(values, range, durationText, 62),
    y: (range) => linearScale([0, 1], range, (share) => `${Math.round(share * 100)}%`),
    lines: named.map(
      ({ name, style, curve }): Line => ({
        name,
        style,
        points: curve.points.map(({ p, median, low, high }) => ({
          x: median,
          y: p,
          ...(curve.boots > 1 ? { low, high } : {}),
          marked: marked.includes(p) && p < 0.99,
        })),
      }),
    ),
    bandAlong: 'x',
  });
}

function tail(named: readonly Named[], title: string, id: string): Markup {
  const values = valuesOf(named);
  return lineChart({
    id,
    title: `${title}: latency by percentile`,
    description: describe(named),
    xLabel: 'percentile',
    yLabel: 'latency, logarithmic',
    x: (range) =>
      tailScale(
        named.flatMap(({ curve }) => curve.points.map(({ p }) => p)),
        range,
      ),
    y: (range) => logScale(values, range, durationText, 26),
    lines: named.map(
      ({ name, style, curve }): Line => ({
        name,
        style,
        points: curve.points.map(({ p, median, low, high }) => ({
          x: p,
          y: median,
          ...(curve.boots > 1 ? { low, high } : {}),
          marked: marked.includes(p),
        })),
      }),
    ),
    bandAlong: 'y',
  });
}

function valuesOf(named: readonly Named[]): number[] {
  return named.flatMap(({ curve }) => curve.points.flatMap(({ low, high }) => [visible(low), visible(high)]));
}

function describe(named: readonly Named[]): string {
  const parts = named.map(({ name, curve }) => {
    const median = curve.points.find(({ p }) => p === 0.5);
    const last = curve.points.at(-1);
    const middle = median === undefined ? '' : ` half within ${durationText(median.median)},`;
    return last === undefined
      ? name
      : `${name}:${middle} ${+(last.p * 100).toFixed(3)}% within ${durationText(last.median)}`;
  });
  return `${parts.join('; ')}.`;
}

/** A logarithmic axis has no place for less than the nanosecond that clocks count in. */
function visible(ns: number): number {
  return Math.max(1, ns);
}
