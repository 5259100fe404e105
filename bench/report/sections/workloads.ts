// SPDX-License-Identifier: MIT
/** Storms, many containers with one agent or one each, and keys that are there already. */
import type { Metric } from '../../measure/metric.ts';
import { cellWhere, mechanismName } from '../cell-name.ts';
import { combine, findMetric, type PerBoot, perBoot } from '../figures.ts';
import { figure, type Section } from '../html/section.ts';
import { asTick, dotOf } from '../latency-svg.ts';
import { type Markup, markup } from '../markup.ts';
import { type Dot, type DotRow, dotChart } from '../plot/dot-chart.ts';
import { logScale } from '../plot/scale.ts';
import type { ReportData } from '../report-data.ts';
import { durationFormat, durationText, plainFormat, ratioFormat } from '../spread.ts';
import { type Column, figureList } from '../tables/figure-list.ts';
import { Notes, type TableModel } from '../tables/table-model.ts';
import { tableOf } from './results.ts';

export function stormsSection(data: ReportData): Section | null {
  const columns: readonly Column[] = [
    { head: 'round p50', metric: 'storm.round.p50', format: durationFormat },
    { head: 'round p90', metric: 'storm.round.p90', format: durationFormat },
    { head: 'round max', metric: 'storm.round.max', format: durationFormat },
    { head: 'upcalls a round', metric: 'storm.upcalls_per_round', format: plainFormat },
  ];
  const model = figureList(data.metrics, 'Storms: rounds from the first start to the last answer', columns);
  if (model === null) return null;
  const rows = rowsOf(data, ['storm.round.p50', 'storm.round.p90']);
  return {
    id: 'storms',
    title: 'Storms',
    content: [
      markup`<p>All requesters of the container ask at once, again and again. A round lasts until the last of them has its key.</p>`,
      picture(data, 'storms', 'Rounds of storms', 'time of a round, logarithmic', rows),
      tableOf(model, data.machine),
    ],
  };
}

export function hitsSection(data: ReportData): Section | null {
  const { metrics } = data;
  const hits = metrics.filter(({ name }) => name === 'hit.latency.p50');
  if (hits.length === 0) return null;
  const notes = new Notes();
  const tableRows = hits.map(({ dimensions }) => {
    const { scenario = '', container = '', load = '', phase = '' } = dimensions;
    const mechanism = mechanismName(dimensions);
    const where = { ...cellWhere(dimensions), container, load, phase };
    const own = (name: string) => perBoot(findMetric(metrics, name, where));
    const label = `${scenario} ${mechanism}`;
    const duration = (column: string, name: string) => notes.cell(label, column, own(name), durationFormat);
    const times = combine([own('upcall.latency.p50'), own('hit.latency.p50')], (miss, hit) => miss / hit);
    return [
      mechanism,
      String(scenario),
      duration('hit p50', 'hit.latency.p50'),
      duration('hit p90', 'hit.latency.p90'),
      duration('hit p99', 'hit.latency.p99'),
      duration('upcall p50', 'upcall.latency.p50'),
      duration('upcall p90', 'upcall.latency.p90'),
      notes.cell(label, 'upcall / hit', times, ratioFormat),
    ];
  });
  const head = [
    'mechanism',
    'scenario',
    'hit p50',
    'hit p90',
    'hit p99',
    'upcall p50',
    'upcall p90',
    'upcall / hit, p50',
  ];
  const model: TableModel = {
    title: 'Hits and upcalls in the same windows',
    head,
    rows: tableRows,
    notes: notes.lines(),
  };
  const rows = hits.flatMap(({ dimensions }): DotRow[] => {
    const { mechanism, container = '', load = '', phase = '' } = dimensions;
    const where = { ...cellWhere(dimensions), container, load, phase };
    const of = (metric: string) => dotOf(perBoot(findMetric(metrics, metric, where)));
    const hit = of('hit.latency.p50');
    const dots = [hit === null ? null : { ...hit, hollow: true }, of('upcall.latency.p50')].filter(
      (dot): dot is Dot => dot !== null,
    );
    return dots.length === 0
      ? []
      : [{ label: mechanismName(dimensions), style: data.styleOf(String(mechanism)), dots, joined: true }];
  });
  return {
    id: 'hits',
    title: 'Hits against upcalls',
    content: [
      markup`<p>A hit asks for a key that the requester has already: no upcall, and the least that asking can cost.</p>`,
      picture(data, 'hits', 'Hits (hollow) and upcalls (filled)', 'latency, logarithmic', rows),
      tableOf(model, data.machine),
    ],
  };
}

/** Scenarios with several containers of a role; with both topologies, one agent for all against one each. */
export function sharingSection(data: ReportData): Section | null {
  const { metrics, run } = data;
  const crowded = run.manifest.plan.cells.filter(
    ({ containers }) => new Set(containers.map(({ role }) => role)).size < containers.length,
  );
  if (crowded.length === 0) return null;
  const scenarios = new Set(crowded.map(({ scenario }) => scenario));
  const columns: readonly Column[] = [
    { head: 'p50', metric: 'upcall.latency.p50', format: durationFormat },
    { head: 'p90', metric: 'upcall.latency.p90', format: durationFormat },
    { head: 'p99', metric: 'upcall.latency.p99', format: durationFormat },
    { head: 'requests/s', metric: 'upcall.throughput', format: plainFormat },
    { head: 'fairness', metric: 'upcall.fairness', format: plainFormat },
  ];
  const list = figureList(metrics, 'Several containers: all together', columns, ({ dimensions }) =>
    scenarios.has(String(dimensions.scenario)),
  );
  if (list === null) return null;
  const rows = rowsOf(
    data,
    ['upcall.latency.p50', 'upcall.latency.p90', 'upcall.latency.p99'],
    ({ dimensions }) => scenarios.has(String(dimensions.scenario)) && dimensions.phase === 'steady',
  );
  const compared = sharedAgainstOwn(metrics, scenarios);
  return {
    id: 'containers',
    title: 'Many containers: one agent for all, or one each',
    content: [
      markup`<p>Fairness is the least number of answered requests of a container over the greatest: 1 when all are served alike.</p>`,
      picture(data, 'containers', 'Latency with several containers', 'latency, logarithmic', rows),
      tableOf(list, data.machine),
      compared === null ? null : tableOf(compared, data.machine),
    ],
  };
}

/** Ratios within a boot, where a mechanism was measured with both. */
function sharedAgainstOwn(metrics: readonly Metric[], scenarios: ReadonlySet<string>): TableModel | null {
  const steady = metrics.filter(
    ({ name, dimensions }) =>
      name === 'upcall.latency.p50' && scenarios.has(String(dimensions.scenario)) && dimensions.phase === 'steady',
  );
  const notes = new Notes();
  const rows = steady
    .filter(({ dimensions }) => dimensions.topology === 'shared')
    .flatMap(({ dimensions: shared }) => {
      const own = steady.find(
        ({ dimensions }) =>
          dimensions.topology === 'own' && dimensions.mechanism === shared.mechanism && dimensions.load === shared.load,
      )?.dimensions;
      if (own === undefined) return [];
      const ratio = (metric: string): PerBoot => {
        const of = ({ scenario = '', mechanism = '', load = '' }: Metric['dimensions']) =>
          perBoot(findMetric(metrics, metric, { scenario, mechanism, load, phase: 'steady' }));
        return combine([of(shared), of(own)], (a, b) => a / b);
      };
      const label = String(shared.mechanism);
      const cell = (column: string, metric: string) => notes.cell(label, column, ratio(metric), ratioFormat);
      return [
        [
          label,
          cell('p50', 'upcall.latency.p50'),
          cell('p99', 'upcall.latency.p99'),
          cell('requests/s', 'upcall.throughput'),
        ],
      ];
    });
  if (rows.length === 0) return null;
  return {
    title: 'One agent for all over one each',
    head: ['mechanism', 'p50', 'p99', 'requests/s'],
    rows,
    notes: notes.lines(),
  };
}

function rowsOf(data: ReportData, dots: readonly string[], which: (metric: Metric) => boolean = () => true): DotRow[] {
  return data.metrics
    .filter((metric) => metric.name === dots[0] && which(metric))
    .flatMap(({ dimensions }): DotRow[] => {
      const { scenario, mechanism, container = '', load = '' } = dimensions;
      const phase = dimensions.phase === undefined ? {} : { phase: dimensions.phase };
      const where = { ...cellWhere(dimensions), container, load, ...phase };
      const found = dots
        .map((name) => dotOf(perBoot(findMetric(data.metrics, name, where))))
        .map((dot, index) => (index === 0 ? dot : asTick(dot)))
        .filter((dot): dot is Dot => dot !== null);
      const label = `${scenario}, ${mechanismName(dimensions)}`;
      return found.length === 0 ? [] : [{ label, style: data.styleOf(String(mechanism)), dots: found, joined: true }];
    });
}

function picture(data: ReportData, id: string, title: string, xLabel: string, rows: readonly DotRow[]): Markup | null {
  const values = rows.flatMap(({ dots }) =>
    dots.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]),
  );
  if (values.length === 0 || values.some((value) => !(value > 0))) return null;
  const description = rows
    .map(({ label, dots }) => `${label}: ${dots.map(({ value }) => durationText(value)).join(', ')}`)
    .join('; ');
  const chart = dotChart({
    id,
    title,
    description: `${description}.`,
    xLabel,
    x: (range) => logScale(values, range, durationText, 64),
    rows,
  });
  return figure(
    [chart],
    `${title}: marker for the p50, ticks for higher percentiles, each the median over boots; the thin bar at the p50 from the lowest to the highest boot.`,
    data.machine,
  );
}
