// SPDX-License-Identifier: MIT
/** How long an upcall takes, over stock's and over the floor, as a table of a posting. */
import type { Metric } from '../../measure/metric.ts';
import { mechanismName } from '../cell-name.ts';
import { combine, type PerBoot, perBoot } from '../figures.ts';
import { orderLine } from '../order-line.ts';
import type { ReportData } from '../report-data.ts';
import { durationFormat, ratioFormat, sideBySide } from '../spread.ts';
import { hasFloor, overFloor, reference, steadyMedians, tableSubjects } from '../tables/latency.ts';
import { markdownTable } from './markdown.ts';
import { wrapped } from './wrap.ts';

const isReference = ({ dimensions }: Metric) => dimensions.mechanism === reference;

/** Scenario by scenario, and beneath them which order is not claimed; the reference itself is there for its p50. */
export function ratioTable({ metrics, boots }: ReportData): string[] {
  const parts = partsOf(metrics);
  if (parts.length === 0) return [];
  const rows = parts.flatMap(({ title, medians }) => {
    const stock = medians.find(isReference);
    return [[title], ...medians.map((metric) => rowOf(metrics, metric, stock))];
  });
  const figures =
    boots.length === 1 ? 'Of one boot' : 'Medians over boots [lowest..highest boot]; ratios within a boot';
  const basis = `${figures}; floor: null-actor + eventfd, same scenario and boot.`;
  const orders = parts.flatMap(({ title, medians }) => {
    const order = orderLine(medians);
    return order === null ? [] : [{ title, order }];
  });
  const [first] = orders;
  const lines =
    boots.length === 1
      ? wrapped(first === undefined ? basis : `${basis} ${first.order}`)
      : [basis, ...orders.map(({ title, order }) => `${title}: ${order}`)].flatMap((line) => wrapped(line, '  '));
  const head = ['upcalls, fault-free', 'p50', 'p50 / stock', 'p50 / floor'];
  return [...markdownTable(head, rows), '', ...lines];
}

/** What there is a p50 of. Controls and studies, in which nothing is compared with the reference, are for the page. */
function partsOf(metrics: readonly Metric[]): { readonly title: string; readonly medians: readonly Metric[] }[] {
  const subjects = tableSubjects(metrics).map((subject) => ({ subject, all: steadyMedians(metrics, subject) }));
  const hasReference = subjects.some(({ all }) => all.some(isReference));
  return subjects.flatMap(({ subject, all }) => {
    const medians = all.filter(({ samples }) => samples.some(({ value }) => value !== null));
    const isCompared = all.some((each) => isReference(each) || each.dimensions.topology === 'shared');
    if (medians.length === 0 || (hasReference && !isCompared)) return [];
    const whose = subject.container === 'subject' ? '' : `, ${subject.container}`;
    return [{ title: `${subject.scenario}${whose}`, medians }];
  });
}

function rowOf(metrics: readonly Metric[], metric: Metric, stock: Metric | undefined): string[] {
  const p50 = perBoot(metric);
  const floor = overFloor(metrics, metric);
  return [
    `  ${mechanismName(metric.dimensions)}`,
    middle(p50),
    isReference(metric) || stock === undefined ? '' : narrow(combine([p50, perBoot(stock)], (a, b) => a / b)),
    hasFloor(floor) ? narrow(floor) : '',
  ];
}

function middle(figure: PerBoot): string {
  return sideBySide(figure, durationFormat)?.replace(/ \[.*\]/, '') ?? '–';
}

/** Narrow enough for a posting: the sign of the median stands for its range too. */
function narrow(ratio: PerBoot): string {
  return sideBySide(ratio, ratioFormat)?.replace(/×(?=\.\.|\])/g, '') ?? '–';
}
