// SPDX-License-Identifier: MIT
/** Throughput and latency under load that comes at a rate of its own. */
import type { Metric } from '../../measure/metric.ts';
import { findMetric, perBoot, type Summary, summarise } from '../figures.ts';
import { threeDigits } from '../format.ts';
import { figure, type Section } from '../html/section.ts';
import { type Markup, markup } from '../markup.ts';
import { type Line, type LinePoint, legend, lineChart } from '../plot/line-chart.ts';
import { logScale, type Scale } from '../plot/scale.ts';
import { markerAt } from '../plot/series-style.ts';
import type { ReportData } from '../report-data.ts';
import { durationText, plainFormat, ratioFormat } from '../spread.ts';
import { figureList } from '../tables/figure-list.ts';
import { type OpenLoopSubject, offeredRate, openLoopSubjects, openLoopTable } from '../tables/open-loop.ts';
import { tableOf } from './results.ts';

interface Rung {
  readonly mechanism: string;
  readonly rate: number;
  readonly p50: Summary | null;
  readonly p99: Summary | null;
  readonly served: Summary | null;
  /** Why there is no p50 or p99: a start was never made. */
  readonly saturated: { readonly p50: boolean; readonly p99: boolean };
  /** Starts never made, in any boot. */
  readonly missed: number;
}

export function openLoopSection(data: ReportData): Section | null {
  const subjects = openLoopSubjects(data.metrics);
  if (subjects.length === 0) return null;
  return {
    id: 'open-loop',
    title: 'Open loop: throughput and latency',
    content: [
      markup`<p>Requests begin at fixed times, whatever happened to earlier ones, and a latency counts from the time its request was to begin: a mechanism that stalls is charged for every start it held up. A start for which no requester was free in time is <em>late</em>; one that was never made is <em>missed</em>, and counts as longer than any.</p>`,
      subjects.map((subject) => [
        // With a fault on, a rate says little of how much a mechanism can take: the distributions show what it did.
        subjects.some(({ scenario, phase }) => scenario === subject.scenario && phase === 'fault')
          ? null
          : curves(data, subject),
        tableOf(openLoopTable(data.metrics, subject), data.machine),
      ]),
      stall(data),
    ],
  };
}

/** Measured percentiles over those that follow from how long nobody answered. */
function stall({ metrics, machine }: ReportData): Markup | null {
  const columns = [
    { head: 'p90 / model', metric: 'stall.p90_ratio', format: ratioFormat },
    { head: 'p99 / model', metric: 'stall.p99_ratio', format: ratioFormat },
    { head: 'missed starts', metric: 'upcall.missed_starts', format: plainFormat },
  ];
  const isStalled = ({ name, dimensions: { scenario, phase } }: Metric) =>
    phase === 'fault' &&
    (name.startsWith('stall.') ||
      metrics.some((each) => each.name === 'stall.p90_ratio' && each.dimensions.scenario === scenario));
  const model = figureList(
    metrics,
    'An agent that stands still: percentiles measured over percentiles computed',
    columns,
    isStalled,
  );
  if (model === null || !metrics.some(({ name }) => name.startsWith('stall.'))) return null;
  return markup`<p>The model takes the stamps of the stop, the median service of the steady windows and the pace at which what had piled up was answered, and computes what the percentiles must be. A ratio of 1 says that every start was charged for what it waited.</p>${tableOf(model, machine)}`;
}

/** Only where some mechanism was offered several rates: a curve of one point is none. */
function curves(data: ReportData, subject: OpenLoopSubject): Markup | null {
  const rungs = rungsOf(data.metrics, subject);
  const mechanisms = [...new Set(rungs.map(({ mechanism }) => mechanism))];
  if (!mechanisms.some((name) => rungs.filter(({ mechanism }) => mechanism === name).length > 1)) return null;
  const rates = rungs.map(({ rate }) => rate);
  const { scenario } = subject;
  const lineOf = (mechanism: string, of: (rung: Rung) => Summary | null): Line => ({
    name: mechanism,
    style: data.styleOf(mechanism),
    points: rungs.filter((rung) => rung.mechanism === mechanism).flatMap((rung) => pointOf(rung, of(rung))),
  });
  const latency = (quantile: 'p50' | 'p99'): Markup | null => {
    const lines = mechanisms
      .map((name) => lineOf(name, (rung) => rung[quantile]))
      .filter(({ points }) => points.length > 0);
    if (lines.length === 0) return null;
    const beyond = rungs.filter(({ saturated }) => saturated[quantile]);
    const values = lines.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]));
    return lineChart({
      id: `${scenario}-${subject.phase}-${quantile}`,
      title: `${scenario}: ${quantile} by offered rate`,
      description: `${quantile} of latencies from the intended start, a line a mechanism. ${describe(rungs, quantile)}`,
      xLabel: 'offered: starts a second, logarithmic',
      yLabel: `${quantile}, logarithmic`,
      x: (range) => logScale(rates, range, threeDigits, 48),
      y: (range) => logScale(values, range, durationText, 26),
      lines,
      bandAlong: 'y',
      above: (x, y) => beyond.map((rung) => unbounded(data, rung, x, y)),
    });
  };
  const lines = mechanisms
    .map((name) => lineOf(name, ({ served }) => served))
    .filter(({ points }) => points.length > 0);
  const pictures = [latency('p50'), latency('p99'), achieved(subject, lines, rates)].filter((each) => each !== null);
  const caption =
    'Median over boots, bands from the lowest to the highest boot. A hollow marker: starts were missed at that rate. A marker at the very top with an arrow: so many starts were missed that the percentile lies beyond every latency that was measured. Where the lines of what was served leave the dotted one, a mechanism is saturated. What is 0 has no place on a logarithmic axis.';
  return figure(
    pictures,
    caption,
    data.machine,
    legend(mechanisms.map((name) => ({ name, style: data.styleOf(name) }))),
  );
}

function achieved(
  { scenario, phase }: OpenLoopSubject,
  lines: readonly Line[],
  rates: readonly number[],
): Markup | null {
  if (lines.length === 0) return null;
  const values = lines.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]));
  return lineChart({
    id: `${scenario}-${phase}-achieved`,
    title: `${scenario}: served by offered rate`,
    description: lines
      .map(
        ({ name, points }) => `${name} served at most ${threeDigits(Math.max(...points.map(({ y }) => y)))} a second.`,
      )
      .join(' '),
    xLabel: 'offered: starts a second, logarithmic',
    yLabel: 'served a second, logarithmic',
    x: (range) => logScale(rates, range, threeDigits, 48),
    y: (range) => logScale([...values, Math.min(...rates)], range, threeDigits, 26),
    lines,
    bandAlong: 'y',
    below: (x, y) => {
      const from = Math.max(x.domain[0], y.domain[0]);
      const to = Math.min(x.domain[1], y.domain[1]);
      return from < to ? markup`<path class="rule" d="M${x.at(from)} ${y.at(from)}L${x.at(to)} ${y.at(to)}"/>` : null;
    },
  });
}

function rungsOf(metrics: readonly Metric[], subject: OpenLoopSubject): Rung[] {
  const found = metrics.flatMap((metric): Rung[] => {
    const { mechanism, load, scenario, container, phase } = metric.dimensions;
    const rate = offeredRate(load);
    if (metric.name !== 'upcall.latency.p50' || rate === null) return [];
    if (scenario !== subject.scenario || container !== subject.container || phase !== subject.phase) return [];
    const own = (name: string) =>
      findMetric(metrics, name, { ...subject, mechanism: String(mechanism), load: String(load) });
    const isSaturated = (name: string) => (own(name)?.samples ?? []).some(({ reason }) => reason === 'missed-starts');
    const missed = own('upcall.missed_starts')?.samples.reduce((sum, { value }) => sum + (value ?? 0), 0) ?? 0;
    return [
      {
        mechanism: String(mechanism),
        rate,
        p50: complete(own('upcall.latency.p50')),
        p99: complete(own('upcall.latency.p99')),
        served: complete(own('upcall.throughput')),
        saturated: { p50: isSaturated('upcall.latency.p50'), p99: isSaturated('upcall.latency.p99') },
        missed,
      },
    ];
  });
  return found.sort((a, b) => a.rate - b.rate);
}

/** A point in a picture cannot say that some boots lack it. */
function complete(metric: Metric | undefined): Summary | null {
  const figure = perBoot(metric);
  const summary = summarise(figure);
  return summary !== null && summary.boots === figure.size && summary.min > 0 ? summary : null;
}

function pointOf({ rate, missed }: Rung, summary: Summary | null): LinePoint[] {
  if (summary === null) return [];
  const range = summary.boots > 1 ? { low: summary.min, high: summary.max } : {};
  return [{ x: rate, y: summary.median, ...range, marked: true, hollow: missed > 0 }];
}

/** At the upper edge, with an arrow that leads beyond it. */
function unbounded(data: ReportData, { mechanism, rate }: Rung, x: Scale, y: Scale): Markup {
  const style = data.styleOf(mechanism);
  const [at, top] = [x.at(rate), y.at(y.domain[1])];
  return markup`<path class="axis" d="M${at} ${top + 6}V${top - 9}M${at - 3} ${top - 5}L${at} ${top - 9}L${at + 3} ${top - 5}"/>${markerAt(style, at, top + 6, true)}`;
}

function describe(rungs: readonly Rung[], quantile: 'p50' | 'p99'): string {
  return rungs
    .map((rung) => {
      const summary = rung[quantile];
      const what =
        summary === null
          ? rung.saturated[quantile]
            ? 'beyond all measured'
            : 'missing'
          : durationText(summary.median);
      return `${rung.mechanism} at ${rung.rate} a second: ${what}.`;
    })
    .join(' ');
}
