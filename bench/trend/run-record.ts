// SPDX-License-Identifier: MIT
/** What a history keeps of a run. */
import { createHash } from 'node:crypto';
import type { HistoryBody, HistoryPoint } from '../../results/history.ts';
import type { Plan } from '../../results/plan.ts';
import type { RunRecord } from '../../results/records.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { programCommand, typedPath } from '../../vm/host/program.ts';
import { comparableCell } from '../compare/comparable.ts';
import { hostsOf } from '../compare/hosts.ts';
import { countedMetrics } from '../measure/counted.ts';
import { cellDimensions } from '../measure/dimensions.ts';
import type { Dimensions, Metric } from '../measure/metric.ts';
import { metricsOf } from '../measure/metrics.ts';
import { agentDelayOf, pathInstructionsOf } from '../plan/repro.ts';
import { followedAs } from './followed.ts';
import { type SeriesBody, seriesKey } from './series-key.ts';

export type RunBody = Extract<HistoryBody, { kind: 'run' }>;

/** What is followed, and so no part of what a series is. */
const followed = ['kernel', 'module'];

/**
 * The record of a run, after those of series that are not among `known` yet. @throws KeystormError: 2 for a shard, 4 for a run that is not whole or of which there
 * is nothing to be followed.
 */
export function recordsOfRun(run: StoredRun, known: readonly SeriesBody[]): HistoryBody[] {
  const { dir, manifest } = run;
  if (manifest.shard !== undefined)
    throw new KeystormError(
      `${dir} is a shard: put it together with the others first (\`${programCommand()} merge\`).`,
    );
  if (run.status !== 'complete')
    throw new KeystormError(
      `${dir} is ${run.status}, and half a run is no night: take it up with \`${programCommand()} bench --resume ${typedPath(dir)}\`, or leave it out. Nothing was appended.`,
      4,
    );
  const description = descriptionOf(run.records);
  const numbers = new Map(known.map((series) => [seriesKey(series), series.series]));
  const fresh: SeriesBody[] = [];
  const hosts = hostsOf(manifest);
  // A host has no part in what it counts; the seed has, which decides what lies where.
  const counted = manifest.plan.clock === 'icount';
  const points = [...metricsOf(run), ...countedMetrics(run)].filter(isFollowed).flatMap((metric): HistoryPoint[] => {
    const { name, unit } = metric;
    const dimensions = ownDimensions(
      metric.dimensions,
      counted ? {} : { host: hosts.map((host) => host.name).join('+') },
    );
    const key = seriesKey({ name, unit, dimensions });
    const series = numbers.get(key) ?? numbers.size;
    if (!numbers.has(key)) {
      numbers.set(key, series);
      fresh.push({ kind: 'series', series, name, unit, dimensions });
    }
    const values = metric.samples.map(({ value }) => (value !== null && Number.isFinite(value) ? value : null));
    return [{ series, plan: planOf(run, metric.dimensions), values }];
  });
  if (description === null || !points.some(({ values }) => values.some((value) => value !== null)))
    throw new KeystormError(`${dir} has no figure that trend follows: add runs that measured a load.`, 4);
  const { vcpuPins, memoryMiB, hypervisor } = description;
  const body: RunBody = {
    kind: 'run',
    runId: manifest.runId,
    createdAt: manifest.createdAt,
    tool: manifest.tool,
    subject: {
      kernel: description.kernel,
      'kernel configuration': description.kernelConfigHash,
      module: description.moduleHash,
      image: description.imageHash,
      ...purposeOf(manifest.plan),
    },
    conditions: {
      ...(counted
        ? { layouts: `${manifest.plan.boots.length} of seed ${manifest.seed}` }
        : { processors: hosts.map(({ cpuModel, cpus }) => `${cpus} × ${cpuModel}`).join(', ') }),
      hypervisor: hypervisor.version,
      memory: `${memoryMiB} MiB`,
      pins: (vcpuPins ?? []).join(','),
    },
    points,
  };
  return [...fresh, body];
}

/** What was made different on purpose: a run that is slow by that must not look like one of a slower module. */
function purposeOf(plan: Plan): Record<string, string> {
  const said = {
    arrangement: plan.arrangement,
    'agent delay in ns': agentDelayOf(plan),
    'instructions in vain': pathInstructionsOf(plan),
  };
  return Object.fromEntries(Object.entries(said).flatMap(([name, n]) => (n === undefined ? [] : [[name, String(n)]])));
}

/** Errnos all together. A metric that no boot has was not there to be measured. */
function isFollowed(metric: Metric): boolean {
  const one = metric.dimensions.errno !== undefined && metric.dimensions.errno !== 'all';
  return followedAs(metric) !== null && !one && metric.samples.some(({ value }) => value !== null);
}

function ownDimensions(dimensions: Dimensions, host: { readonly host?: string }): SeriesBody['dimensions'] {
  return { ...Object.fromEntries(Object.entries(dimensions).filter(([name]) => !followed.includes(name))), ...host };
}

function descriptionOf(records: readonly RunRecord[]) {
  for (const record of records) if (record.kind === 'boot-start') return record.description;
  return null;
}

/** A hash of the plan of the cells that a metric is of. */
function planOf({ manifest }: StoredRun, dimensions: Dimensions): string {
  const cells = manifest.plan.cells.filter((cell) =>
    Object.entries(cellDimensions(cell)).every(([name, value]) => dimensions[name] === value),
  );
  return createHash('sha256')
    .update(JSON.stringify(cells.map(comparableCell)))
    .digest('hex')
    .slice(0, 12);
}
