// SPDX-License-Identifier: MIT
/** Findings of which a posting needs one line each. */
import type { Metric } from '../../measure/metric.ts';
import { combine, findMetric, matches, perBoot } from '../figures.ts';
import type { ReportData } from '../report-data.ts';
import { percentFormat } from '../sections/cost.ts';
import { durationFormat, plainFormat, sideBySide } from '../spread.ts';
import { offeredRate, openLoopSubjects } from '../tables/open-loop.ts';

/** Up to which rate a mechanism keeps up, and its p99 there. */
export function openLoopLines({ metrics }: ReportData): string[] {
  return openLoopSubjects(metrics)
    .filter(({ phase }) => phase === 'steady')
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
        if (good === undefined) return `${title} starts were missed at every rate from ${own[0]?.rate}/s on`;
        const p99 = findMetric(metrics, 'upcall.latency.p99', { ...subject, mechanism, load: `open:${good.rate}` });
        const latency = sideBySide(perBoot(p99), durationFormat);
        const beyond = firstBad < 0 ? ', the highest offered' : `, and some at ${own[firstBad]?.rate}/s`;
        return `${title} no start missed up to ${good.rate}/s${latency === null ? '' : ` (p99 ${latency})`}${beyond}`;
      });
    });
}

/** One line of what measuring costs; none if nothing is known of it. */
export function costLines(metrics: readonly Metric[]): string[] {
  const parts: string[] = [];
  for (const metric of metrics.filter(({ name }) => name === 'hammer.overhead')) {
    const text = sideBySide(perBoot(metric), percentFormat);
    if (text !== null) parts.push(`timing each request costs ${text} of throughput (${metric.dimensions.mechanism})`);
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
