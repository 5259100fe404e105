// SPDX-License-Identifier: MIT
/**
 * The Go benchmark format, for benchstat and whatever else reads it: https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md.
 * A line for each boot and slice of a cell, with all its figures: a boot is one sample. Nothing is assumed of how figures are
 * distributed, which is what benchstat takes for granted of a unit of which nothing is said.
 */
import { judgedAs } from '../compare/judged.ts';
import type { Dimensions, Metric, Unit } from '../measure/metric.ts';
import { plainText } from '../report/plain-text.ts';
import { type Exportable, measurements, parted } from './exportable.ts';

/** What stands behind a metric's name, so that a reader scales it: benchstat makes seconds of `ns`. */
const suffixes: Readonly<Record<Unit, string>> = {
  ns: '-ns',
  '1/s': '/s',
  '1': '',
  byte: '-B',
  insn: '-insn',
  'virtual-ns': '-virtual-ns',
};

/** Figures of one boot that are of the same, and were measured on the same. */
interface Line {
  readonly machine: Dimensions;
  readonly boot: number;
  readonly name: string;
  readonly values: string[];
}

export function benchstatText({ run, metrics }: Exportable): string {
  const lines = linesOf(metrics).sort((one, two) => one.boot - two.boot);
  const text = [...unitLines(metrics)];
  let configuration = '';
  for (const line of lines) {
    const own = configurationLines(line.machine, run.manifest.host.cpuModel, run.status).join('\n');
    if (own !== configuration) text.push('', own, '');
    configuration = own;
    // One boot is one sample, however many requests it is of.
    text.push(`Benchmark${line.name} 1 ${line.values.join(' ')}`);
  }
  return `${text.join('\n')}\n`;
}

function linesOf(metrics: readonly Metric[]): Line[] {
  const lines = new Map<string, Line>();
  for (const metric of metrics) {
    const { machine, own } = parted(metric.dimensions);
    const name = nameOf(own, machine.smp ?? 1);
    for (const { boot, value } of measurements(metric)) {
      const key = JSON.stringify([boot, name, machine]);
      const line = lines.get(key) ?? { machine, boot, name, values: [] };
      lines.set(key, line);
      line.values.push(`${value} ${unitOf(metric)}`);
    }
  }
  return [...lines.values()];
}

/** Which way is better, as `compare` has it; of what it does not judge nothing is said. */
function unitLines(metrics: readonly Metric[]): string[] {
  const lines = metrics.flatMap((metric) => {
    const judged = judgedAs({ name: metric.name, dimensions: {} });
    return judged === null ? [] : [`Unit ${unitOf(metric)} better=${judged.better}`];
  });
  return [...new Set(lines)];
}

/** `cpu` as the Go tools have it. A key without a value would take it back. */
function configurationLines(machine: Dimensions, cpu: string, status: string): string[] {
  return Object.entries({ ...machine, cpu, status })
    .map(([key, value]) => [key, plainText(String(value)).trim()])
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}`);
}

/** `Latency/mechanism=keyagent-fd/load=closed:1-1`; what is of a guest as a whole is called `Guest`. The number at the end is that of processors. */
function nameOf({ scenario, ...own }: Dimensions, smp: string | number): string {
  const parts = Object.entries(own).map(([name, value]) => `/${name}=${word(String(value))}`);
  return `${scenario === undefined ? 'Guest' : title(String(scenario))}${parts.join('')}-${smp}`;
}

function unitOf({ name, unit }: Metric): string {
  return `${name}${suffixes[unit]}`;
}

/** `agent-kill` as `AgentKill`. */
function title(scenario: string): string {
  return scenario
    .split('-')
    .map((part) => word(part.slice(0, 1).toUpperCase() + part.slice(1)))
    .join('');
}

/** One word without a slash; different ones stay different. */
function word(text: string): string {
  return plainText(text).replace(/[^A-Za-z0-9._:+-]/gu, (char) => encodeURIComponent(char));
}
