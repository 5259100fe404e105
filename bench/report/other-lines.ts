// SPDX-License-Identifier: MIT
/** The lines of the report beside tables and verdicts: floors, the machine, what went wrong. */
import { bootsOf } from '../../results/boots.ts';
import type { Manifest } from '../../results/manifest.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { sampleHashes } from '../../results/sample-hash.ts';
import { shardName } from '../../results/shards.ts';
import type { Metric } from '../measure/metric.ts';
import { agentDelayOf, pathInstructionsOf } from '../plan/repro.ts';
import { count } from '../words.ts';
import { countedFaults, type Failure, groupedByFault } from './faults.ts';
import { findMetric, type PerBoot, perBoot, reasonsMissing } from './figures.ts';
import { plainText } from './plain-text.ts';
import { durationFormat, type Format, sideBySide } from './spread.ts';

const floors = ['syscall', 'add_key', 'eventfd', 'vfork_exec', 'null_actor'];

/** One line with the p50 of every floor, the median over boots. The null actor is a cell, and only where that is in the plan. */
export function floorLine(metrics: readonly Metric[]): string {
  const parts = floors.flatMap((name) => {
    // Other scenarios time the null actor too, under other load.
    const where = name === 'null_actor' ? { scenario: 'latency' } : {};
    const metric = findMetric(metrics, `floor.${name}.p50`, where);
    if (metric === undefined && name === 'null_actor') return [];
    return [`${name} ${inline(perBoot(metric), durationFormat)}`];
  });
  return `floors (p50): ${parts.join(', ')}`;
}

/** Median and extremes on one line; a dash and the reason if there is none. */
function inline(figure: PerBoot, format: Format): string {
  return sideBySide(figure, format) ?? `– (${reasonsMissing(figure) || 'not measured'})`;
}

/** What figures of guests that count instructions are. */
export const countedWords =
  '1 vns is one instruction, or as much of a wait, which such a guest skips; it is no latency, and only counts are compared with it.';

/** What the figures were taken on, and what must be kept in mind with them. */
export function machineLines(run: StoredRun): string[] {
  return [...guestLines(run), ...purposeLines(run.manifest), ...partLines(run.manifest), ...hashLines(run)];
}

/** That somebody made it slower on purpose. */
function purposeLines({ plan }: Manifest): string[] {
  const [delayNs, instructions] = [agentDelayOf(plan), pathInstructionsOf(plan)];
  return [
    ...(delayNs === undefined ? [] : [`Agents were busy for ${delayNs} ns before each answer, on purpose.`]),
    ...(instructions === undefined
      ? []
      : [`The module executed ${instructions} instructions in vain in each upcall to an agent, on purpose.`]),
  ];
}

/** That the run is not all of its plan, or was not done in one go. */
function partLines({ shard, merged }: Manifest): string[] {
  if (shard !== undefined)
    return [
      `Shard ${shardName(shard)} of its plan: the other shards' boots are not in it; keystorm merge puts them together.`,
    ];
  if (merged === undefined) return [];
  const hosts = [...new Set(merged.shards.map(({ host }) => host.name))];
  return [
    plainText(`Put together of ${merged.shards.length} of ${count(merged.count, 'shard')}, on ${hosts.join(', ')}.`),
  ];
}

/** By what two runs that count instructions are seen to have measured the same. */
function hashLines({ manifest, records }: StoredRun): string[] {
  if (manifest.plan.clock !== 'icount') return [];
  const { all } = sampleHashes(manifest.plan, records);
  return [`samples sha256 ${all ?? 'none, for not every boot came to its end'}`];
}

function guestLines(run: StoredRun): string[] {
  const {
    manifest: { plan },
    records,
  } = run;
  const start = records.find((record) => record.kind === 'boot-start');
  if (start?.kind !== 'boot-start') return [`machine ${plan.machine}: no guest was started`];
  const { machine, accelerator, smp, memoryMiB, kernel, hypervisor, notes } = start.description;
  const how = accelerator === 'none' ? '' : `, ${accelerator.toUpperCase()}`;
  const what = [`machine ${machine}${how}, -smp ${smp}, ${memoryMiB} MiB, kernel ${kernel}`, hypervisor.version];
  const lines = [plainText(what.filter((part) => part !== '').join(', '))];
  if (machine === 'fake') lines.push('The fake machine made these figures up: they test the harness and mean nothing.');
  else if (plan.clock === 'icount') lines.push(`Counted, not timed: ${countedWords}`);
  else if (accelerator === 'tcg') lines.push('Emulated processors: compare ratios, not absolute times.');
  if (plan.boots.length === 1 && plan.cells.length > 0)
    lines.push('One boot only: how much figures vary between boots is not known.');
  return [...lines, ...notes.filter((note) => machine !== 'fake' || !/made up/.test(note)).map(plainText)];
}

/** Boots that failed, and what else is to be said against the data; empty for a sound run. */
export function troubleLines(run: StoredRun): string[] {
  const failures = bootsOf(run.manifest.plan, run.records).flatMap((boot) => boot.failures);
  return [...groupedByFault(failures).flatMap(failureLine), ...run.problems.map(plainText)];
}

/** One line for all failures of a fault; what is quoted is of the first. */
function failureLine(failures: readonly Failure[]): string[] {
  const [first] = failures;
  if (first === undefined) return [];
  const { failureKind, message, consoleTail } = first;
  const boots = [...new Set(failures.map(({ boot }) => boot))].join(', ');
  const last = consoleTail.at(-1);
  const tail = last === undefined ? '' : ` (last on its console: "${plainText(last)}")`;
  const words = [failureKind, ...countedFaults(failures), `${plainText(message)}${tail}`];
  return [`boot${failures.length > 1 ? 's' : ''} ${boots}: ${words.join(': ')}`];
}
