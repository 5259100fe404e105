// SPDX-License-Identifier: MIT
/**
 * One picture of a run: how long an upcall takes, by mechanism, on a logarithmic axis. Each row is the median over boots of p50
 * (the dot), p90 and p99 (the line's marks); beneath them the floors. Drawn in black, grey and one blue on white, so that it reads in
 * print and for the colour-blind.
 */
import type { Metric } from '../measure/metric.ts';
import { combine, findMetric, type PerBoot, perBoot, summarise } from './figures.ts';
import { floorOf } from './latency-table.ts';
import { durationFormat, ratioFormat } from './spread.ts';

const width = 900;
const rowHeight = 34;
const left = 190;
const right = 250;
const top = 58;
const bottom = 62;
const scenario = 'latency';

interface Row {
  readonly name: string;
  readonly p50: number;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly text: string;
  readonly isFloor: boolean;
}

/** The picture as an SVG document; null when the run measured no latencies, so that there is nothing to draw. */
export function latencySvg(metrics: readonly Metric[], subtitle: string): string | null {
  const rows = [...mechanismRows(metrics), ...floorRows(metrics)];
  if (!rows.some(({ isFloor }) => !isFloor)) return null;
  const x = logAxis(rows);
  const height = top + rows.length * rowHeight + bottom;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="14" role="img" aria-label="Latency of an upcall by mechanism">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="26" font-size="17" font-weight="bold" fill="#111">One request_key() upcall from a container</text>`,
    `<text x="16" y="45" font-size="12" fill="#555">${escapeXml(subtitle)}</text>`,
    ...x.ticks.map((ns) => grid(x.at(ns), height, durationText(ns))),
    ...rows.map((row, index) => drawRow(row, top + (index + 0.5) * rowHeight, x.at)),
    `<text x="16" y="${height - 14}" font-size="12" fill="#555">dot: p50, marks: p90 and p99, each the median over boots and only if all have it; logarithmic axis; grey: floors measured in the same boots</text>`,
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function mechanismRows(metrics: readonly Metric[]): Row[] {
  const stock = findMetric(metrics, 'upcall.latency.p50', { scenario, mechanism: 'stock', phase: 'steady' });
  return metrics
    .filter(({ name, dimensions }) => name === 'upcall.latency.p50' && dimensions.scenario === scenario)
    .flatMap((metric) => {
      const mechanism = String(metric.dimensions.mechanism);
      const tail = (name: string) => completeMedian(perBoot(findMetric(metrics, name, { scenario, mechanism })));
      const p50 = medianOf(perBoot(metric));
      if (p50 === null) return [];
      const faster = stock === undefined ? null : medianOf(combine([perBoot(metric), perBoot(stock)], (a, b) => a / b));
      const against = faster === null || mechanism === 'stock' ? '' : `, ${ratioFormat(faster).text(faster)} of stock`;
      const [p90, p99] = [tail('upcall.latency.p90'), tail('upcall.latency.p99')];
      return [{ name: mechanism, p50, p90, p99, text: `${durationText(p50)}${against}`, isFloor: false }];
    });
}

function floorRows(metrics: readonly Metric[]): Row[] {
  const floors: [string, PerBoot | undefined][] = [
    ['null-actor + eventfd', floorOf(metrics)],
    ['null-actor', perBoot(findMetric(metrics, 'floor.null_actor.p50', {}))],
  ];
  return floors.flatMap(([name, figure]) => {
    const p50 = figure === undefined ? null : medianOf(figure);
    return p50 === null ? [] : [{ name, p50, p90: null, p99: null, text: durationText(p50), isFloor: true }];
  });
}

/** A mark in the picture cannot say of how many boots it is: it is drawn only when all have it. */
function completeMedian(figure: PerBoot): number | null {
  const summary = summarise(figure);
  return summary !== null && summary.boots === figure.size ? summary.median : null;
}

function medianOf(figure: PerBoot): number | null {
  return summarise(figure)?.median ?? null;
}

function durationText(ns: number): string {
  const { text, unit } = durationFormat(ns);
  return `${text(ns)}${unit}`;
}

/** Whole decades around the rows, and where on the page a duration lies. */
function logAxis(rows: readonly Row[]): { readonly at: (ns: number) => number; readonly ticks: number[] } {
  const all = rows.flatMap(({ p50, p90, p99 }) => [p50, p90 ?? p50, p99 ?? p50]);
  const low = Math.floor(Math.log10(Math.min(...all)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...all))));
  const at = (ns: number) => left + ((Math.log10(ns) - low) / (high - low)) * (width - left - right);
  return { at, ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)) };
}

function grid(x: number, height: number, label: string): string {
  const end = height - bottom;
  return `<line x1="${px(x)}" y1="${top}" x2="${px(x)}" y2="${end}" stroke="#ddd"/><text x="${px(x)}" y="${end + 18}" text-anchor="middle" font-size="12" fill="#555">${label}</text>`;
}

function drawRow(row: Row, y: number, at: (ns: number) => number): string {
  const colour = row.isFloor ? '#888' : '#1f5fa8';
  const end = Math.max(row.p99 ?? row.p90 ?? row.p50, row.p50);
  const marks = [row.p90, row.p99].flatMap((ns) => (ns === null ? [] : [at(ns)]));
  return [
    `<text x="${left - 14}" y="${px(y + 5)}" text-anchor="end" fill="${row.isFloor ? '#666' : '#111'}">${escapeXml(row.name)}</text>`,
    `<line x1="${px(at(row.p50))}" y1="${px(y)}" x2="${px(at(end))}" y2="${px(y)}" stroke="${colour}" stroke-width="3"/>`,
    ...marks.map(
      (x) =>
        `<line x1="${px(x)}" y1="${px(y - 6)}" x2="${px(x)}" y2="${px(y + 6)}" stroke="${colour}" stroke-width="3"/>`,
    ),
    `<circle cx="${px(at(row.p50))}" cy="${px(y)}" r="7" fill="${colour}"/>`,
    `<text x="${width - right + 20}" y="${px(y + 5)}" fill="${row.isFloor ? '#666' : '#111'}">${escapeXml(row.text)}</text>`,
  ].join('');
}

function px(value: number): string {
  return value.toFixed(1);
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
