// SPDX-License-Identifier: MIT
/**
 * What github-action-benchmark reads as `customSmallerIsBetter` and `customBiggerIsBetter`, a file each:
 * https://github.com/benchmark-action/github-action-benchmark. It knows a figure again by its name, and compares it with the one before.
 */
import { type JudgedMetric, judgedAs } from '../compare/judged.ts';
import { metricName } from '../compare/metric-text.ts';
import type { Dimensions, Metric, Unit } from '../measure/metric.ts';
import { perBoot, reasonsMissing, summarise } from '../report/figures.ts';
import { plainText } from '../report/plain-text.ts';
import { count } from '../words.ts';
import { type Exportable, measurements, parted } from './exportable.ts';

const units: Readonly<Record<Unit, string>> = {
  ns: 'ns',
  '1/s': '1/s',
  '1': 'ratio',
  byte: 'byte',
  insn: 'insn',
  'virtual-ns': 'virtual-ns',
};

/** The figures of which so much is better, as `compare` has it: the median over boots, and how far from it the furthest boot is. */
export function githubBenchmark({ metrics }: Exportable, better: JudgedMetric['better']): string {
  const entries = metrics.filter((metric) => judgedAs(metric)?.better === better).flatMap(entryOf);
  return `${JSON.stringify(entries, null, 1)}\n`;
}

function entryOf(metric: Metric) {
  const measured = { ...metric, samples: measurements(metric) };
  const found = summarise(perBoot(measured));
  if (found === null) return [];
  const { median, min, max, boots } = found;
  const missing = reasonsMissing(perBoot(metric));
  const extra = `${boots} of ${count(metric.samples.length, 'boot')}${missing === '' ? '' : `; ${missing}`}`;
  return [
    {
      name: plainText(`${metricName(metric)} (${machineName(parted(metric.dimensions).machine)})`),
      unit: units[metric.unit],
      value: median,
      // Read back as a number, which one boot has not.
      ...(boots > 1 ? { range: `± ${Math.max(max - median, median - min)}` } : {}),
      extra: plainText(extra),
    },
  ];
}

/** What must be the same for a figure to be of the same series. Kernel and module are what is followed. */
function machineName({ machine, accelerator, smp, clock }: Dimensions): string {
  return `${machine} ${accelerator}, smp ${smp}, ${clock} clock`;
}
