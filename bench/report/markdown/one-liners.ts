// SPDX-License-Identifier: MIT
/** Findings of which a posting needs one line each. */
import { hammerOverheads } from '../../measure/hammer.ts';
import type { Metric } from '../../measure/metric.ts';
import { mechanismName } from '../cell-name.ts';
import { combine, findMetric, matches, perBoot } from '../figures.ts';
import type { ReportData } from '../report-data.ts';
import { interval, percentFormat } from '../sections/cost.ts';
import { durationFormat, plainFormat, ratioFormat, sideBySide } from '../spread.ts';
import { offeredRate, openLoopSubjects } from '../tables/open-loop.ts';

/** Up to which rate a mechanism keeps up, and its p99 there. */
export function openLoopLines({ metrics }: ReportData): string[] {
  const subjects = openLoopSubjects(metrics);
  const faulty = subjects.filter(({ phase }) => phase === 'fault').map(({ scenario }) => scenario);
  return subjects
    .filter(({ scenario, phase }) => phase === 'steady' && !faulty.includes(scenario))
    .flatMap((subject) => {
      const all = metrics.filter((metric) => metric.name === 'upcall.missed_starts' && matches(metric, { ...subject }));
      const mechanisms = [...new Set(all.map(({ dimensions }) => String(dimensions.mechanism)))];
      return mechanisms.map((mechanism) => {
        const own = all
          .filter(({ dimensions }) => dimensions.mechanism === mechanism)
          .map((metric) => ({ metric, rate: offeredRate(metric.dimensions.load) ?? 0 }))
          .sort((a, b) => a.rate - b.rate);
        const firstBad = own.findIndex(({ metric }) => metric.samples.some(({ value }) => value !== 0));
        const good = firstBad < 0 ? own.at(-1) : own[firstBad - 1];
        const title = `${subject.scenario}, ${mechanism}:`;
        if (good === undefined) return `${title} starts were missed already at ${own[0]?.rate}/s, the lowest offered`;
        const p99 = findMetric(metrics, 'upcall.latency.p99', { ...subject, mechanism, load: `open:${good.rate}` });
        const latency = sideBySide(perBoot(p99), durationFormat);
        const beyond = firstBad < 0 ? ', the highest offered' : `, and some at ${own[firstBad]?.rate}/s`;
        return `${title} no start missed up to ${good.rate}/s${latency === null ? '' : ` (p99 ${latency})`}${beyond}`;
      });
    });
}

/** How near the percentiles of an agent that stood still come to what they must be; one line a scenario and mechanism. */
export function stallLines({ metrics }: ReportData): string[] {
  const lines = new Map<string, string[]>();
  const rate = ({ dimensions }: Metric) => offeredRate(dimensions.load) ?? 0;
  const ratios = metrics.filter(({ name }) => name === 'stall.p99_ratio').sort((a, b) => rate(a) - rate(b));
  for (const metric of ratios) {
    const { scenario } = metric.dimensions;
    const text = sideBySide(perBoot(metric), ratioFormat) ?? '–';
    const key = `${scenario}, ${mechanismName(metric.dimensions)}: p99 over the computed one`;
    lines.set(key, [...(lines.get(key) ?? []), `${text} at ${rate(metric)}/s`]);
  }
  return [...lines].map(([key, parts]) => `${key}: ${parts.join(', ')}`);
}

/** One line of what measuring costs; none if nothing is known of it. */
export function costLines({ metrics, run }: ReportData): string[] {
  const parts: string[] = [];
  for (const { dimensions, overhead } of hammerOverheads(run)) {
    if (overhead.value !== null)
      parts.push(`timing each request costs ${interval(overhead)} of throughput (${dimensions.mechanism})`);
  }
  const share = sideBySide(perBoot(findMetric(metrics, 'harness.cpu_share', {})), percentFormat);
  if (share !== null) parts.push(`the harness used ${share} of a processor in windows`);
  const packets = metrics.filter(({ name }) => name === 'window.packets').map(perBoot);
  const crossed =
    packets.length === 0
      ? null
      : sideBySide(
          combine(packets, (...all) => all.reduce((a, b) => a + b, 0)),
          plainFormat,
        );
  if (crossed !== null) parts.push(`${crossed} packets crossed the guest's border in windows, a boot`);
  return parts.length === 0 ? [] : [`measuring: ${parts.join('; ')}`];
}

/** Weaknesses that were known and were seen, each with the mechanisms that have it. */
export function weaknessLines({ verdicts }: ReportData): string[] {
  const found = new Map<string, Set<string>>();
  for (const { oracle, property, verdict, expected, dimensions } of verdicts) {
    if (verdict !== 'pass' || property !== 'violated' || expected !== 'violated') continue;
    const names = found.get(oracle) ?? new Set();
    found.set(oracle, names.add(String(dimensions.mechanism)));
  }
  return [...found].map(([oracle, names]) => `violated, as expected: ${oracle} (${[...names].join(', ')})`);
}
