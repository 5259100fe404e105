// SPDX-License-Identifier: MIT
import type { Metric } from '../../measure/metric.ts';
import { mechanismName } from '../cell-name.ts';
import { perBoot, reasonsMissing } from '../figures.ts';
import type { Section } from '../html/section.ts';
import { table } from '../html/table.ts';
import { markup } from '../markup.ts';
import type { ReportData } from '../report-data.ts';

/** What each reason means; of the others the name says it. */
const meanings: Readonly<Record<string, string>> = {
  'too-few-samples': 'fewer than 10 samples lie beyond the percentile',
  'no-ok-requests': 'no request was answered',
  'missed-starts': 'so many starts were missed that the percentile lies beyond every measured latency',
  'search-for-helpers':
    'the search for helpers to kill slows everybody, so a bystander shows the search and not the fault',
  'not-told-under-tcg': 'an emulated processor is told nothing of stolen time',
  'no-null-actor': 'the null actor was not measured under the same scenario',
  'not-reached': 'the boot did not come so far',
  'recovered-before-restart': 'somebody else answered before the new agent was ready',
  'cleared-too-late': 'no request was made in the window after the fault was undone',
  'not-recovered': 'the victim was not served again within the window',
  'fault-missed': 'nothing was there to be hit',
};

interface Group {
  readonly names: string;
  readonly reason: string;
  /** Mechanisms by everything else that the figures are about. */
  readonly places: Map<string, string[]>;
}

/** Every figure that some boot lacks, and why. */
export function missingSection({ metrics }: ReportData): Section {
  const rows = groupsOf(metrics).map(({ names, reason, places }) => [
    names,
    reason,
    [...places].map(([place, mechanisms]) => line(place, mechanisms)).join('; ') || 'the run',
  ]);
  const seen = Object.entries(meanings).filter(([name]) => rows.some(([, reason]) => reason?.includes(name)));
  return {
    id: 'missing',
    title: 'Missing figures',
    content:
      rows.length === 0
        ? markup`<p>None: every boot has every figure.</p>`
        : table({
            caption: 'Figures that some boot lacks; nothing was put in their place',
            head: ['figure', 'reason', 'of'],
            rows,
            notes: seen.map(([name, meaning]) => `${name}: ${meaning}`),
          }),
  };
}

function line(place: string, mechanisms: readonly string[]): string {
  return [place, mechanisms.filter((name) => name !== '').join(', ')].filter((part) => part !== '').join(': ');
}

/** Figures that the same boots lack for the same reason stand together, and so do mechanisms that lack the same figures. */
function groupsOf(metrics: readonly Metric[]): Group[] {
  const lacking = new Map<string, { reason: string; place: string; mechanism: string; names: string[] }>();
  for (const metric of metrics) {
    const reason = reasonsMissing(perBoot(metric));
    if (reason === '') continue;
    const { scenario, container, phase, load } = metric.dimensions;
    const mechanism = mechanismName(metric.dimensions);
    const place = [scenario, container, phase, load].filter((part) => part !== undefined).join(' ');
    const key = JSON.stringify([reason, place, mechanism]);
    const found = lacking.get(key) ?? { reason, place, mechanism, names: [] };
    lacking.set(key, found);
    if (!found.names.includes(metric.name)) found.names.push(metric.name);
  }
  const groups = new Map<string, Group>();
  for (const { reason, place, mechanism, names } of lacking.values()) {
    const key = JSON.stringify([reason, names]);
    const group = groups.get(key) ?? { names: shortNames(names), reason, places: new Map<string, string[]>() };
    groups.set(key, group);
    group.places.set(place, [...(group.places.get(place) ?? []), mechanism]);
  }
  return [...groups.values()];
}

/** `upcall.latency.p99, p999`: what is the same at the beginning is said once. */
function shortNames(names: readonly string[]): string {
  let prefix = '';
  return names
    .map((name) => {
      const dot = name.lastIndexOf('.') + 1;
      const own = name.slice(0, dot);
      const short = own === prefix ? name.slice(dot) : name;
      prefix = own;
      return short;
    })
    .join(', ');
}
