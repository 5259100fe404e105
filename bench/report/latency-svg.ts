// SPDX-License-Identifier: MIT
/**
 * One picture of a run: how long an upcall takes, by mechanism, on a logarithmic axis. Each row is the median over boots of p50,
 * p90 and p99 with the range over boots; beneath them the floors. In the report, and as a file of its own.
 */
import type { Metric } from '../measure/metric.ts';
import { combine, findMetric, type PerBoot, perBoot, type Summary, summarise } from './figures.ts';
import { wrapped } from './markdown/wrap.ts';
import { markup } from './markup.ts';
import { type Dot, type DotChart, type DotRow, dotPicture } from './plot/dot-chart.ts';
import { logScale } from './plot/scale.ts';
import { type SeriesStyle, seriesStyle } from './plot/series-style.ts';
import { standaloneSvg } from './plot/svg.ts';
import { durationText, ratioFormat } from './spread.ts';
import { steadyMedians } from './tables/latency.ts';

const subject = { scenario: 'latency', container: 'subject' };

/** The chart, or null when the run measured no latencies, so that there is nothing to draw. */
export function latencyChart(
  metrics: readonly Metric[],
  styleOf: (mechanism: string) => SeriesStyle,
  id: string,
): DotChart | null {
  const mechanisms = mechanismRows(metrics, styleOf);
  if (mechanisms.length === 0) return null;
  const rows = [...mechanisms, ...floorRows(metrics, styleOf('null-actor'))];
  const values = rows.flatMap(({ dots }) =>
    dots.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]),
  );
  return {
    id,
    title: 'Latency of an upcall by mechanism',
    description: `${rows.map(({ label, dots, note }) => `${label}: p50 ${durationText(dots[0]?.value ?? 0)}${note === undefined ? '' : `, ${note}`}`).join('; ')}.`,
    xLabel: 'time from request_key() to the answer, logarithmic',
    x: (range) => logScale(values, range, durationText, 64),
    rows,
  };
}

const legend = 'marker: p50 with its range over boots; ticks: p90 and p99; hollow: floors of the same boots';
/** What fits into a line of small text. */
const columns = 66;

/** The picture as an SVG document; null when there is nothing to draw. `subtitle`: what it was measured on. */
export function latencySvg(metrics: readonly Metric[], subtitle: string): string | null {
  const order = [...new Set(metrics.flatMap(({ dimensions }) => String(dimensions.mechanism ?? '')))].filter(Boolean);
  const chart = latencyChart(metrics, (name) => seriesStyle(Math.max(0, order.indexOf(name))), 'latency');
  if (chart === null) return null;
  const small = [subtitle, legend].flatMap((text) => wrapped(text, '', columns));
  const heading = markup`<text class="name" font-size="15" x="12" y="20">One request_key() upcall from a container</text>${small.map(
    (line, index) => markup`<text class="tick" x="12" y="${36 + 14 * index}">${line}</text>`,
  )}`;
  return standaloneSvg(dotPicture(chart, { height: 30 + 14 * small.length, content: heading }));
}

function mechanismRows(metrics: readonly Metric[], styleOf: (mechanism: string) => SeriesStyle): DotRow[] {
  const all = steadyMedians(metrics, subject);
  const stock = all.find(({ dimensions }) => dimensions.mechanism === 'stock');
  return all.flatMap((metric) => {
    const mechanism = String(metric.dimensions.mechanism);
    const tail = (quantile: string) =>
      findMetric(metrics, `upcall.latency.${quantile}`, { ...subject, mechanism, phase: 'steady' });
    const dots = [
      dotOf(perBoot(metric)),
      asTick(dotOf(perBoot(tail('p90')))),
      asTick(dotOf(perBoot(tail('p99')))),
    ].filter((dot) => dot !== null);
    const p50 = summarise(perBoot(metric));
    if (p50 === null || dots.length === 0) return [];
    const against =
      stock === undefined || mechanism === 'stock'
        ? null
        : summarise(combine([perBoot(metric), perBoot(stock)], (a, b) => a / b));
    const note = `${durationText(p50.median)}${against === null ? '' : `, ${ratioFormat(against.median).text(against.median)} of stock`}`;
    return [{ label: mechanism, style: styleOf(mechanism), dots, joined: true, note }];
  });
}

function floorRows(metrics: readonly Metric[], style: SeriesStyle): DotRow[] {
  const floors: [string, PerBoot | undefined][] = [
    ['null-actor + eventfd', floorOf(metrics)],
    ['null-actor', perBoot(findMetric(metrics, 'floor.null_actor.p50', { scenario: subject.scenario }))],
  ];
  return floors.flatMap(([label, figure]) => {
    const dot = figure === undefined ? null : dotOf(figure);
    if (dot === null) return [];
    return [{ label, style, dots: [{ ...dot, hollow: true }], note: durationText(dot.value) }];
  });
}

/** The least an upcall answered by a process could cost here: the key machinery, and to wake somebody and be woken again. */
function floorOf(metrics: readonly Metric[]): PerBoot | undefined {
  const machinery = findMetric(metrics, 'floor.null_actor.p50', { scenario: subject.scenario });
  const roundTrip = findMetric(metrics, 'floor.eventfd.p50', {});
  if (machinery === undefined || roundTrip === undefined) return undefined;
  return combine([perBoot(machinery), perBoot(roundTrip)], (a, b) => a + b);
}

/** A mark in a picture cannot say of how many boots it is: it is drawn only when all that were planned have it. */
export function dotOf(figure: PerBoot): Dot | null {
  const summary = summarise(figure);
  if (summary === null || summary.boots < figure.size) return null;
  return { value: summary.median, ...rangeOf(summary) };
}

/** A figure beside the one that matters: without its range, which would be taken for more ticks. The table has it. */
export function asTick(dot: Dot | null): Dot | null {
  return dot === null ? null : { value: dot.value, tick: true };
}

/** Nothing when there is one boot, of which there is no range. */
export function rangeOf({ min, max, boots }: Summary): { low?: number; high?: number } {
  return boots > 1 ? { low: min, high: max } : {};
}
