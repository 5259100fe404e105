// SPDX-License-Identifier: MIT
import type { Manifest } from '../../results/manifest.ts';
import { machinesKernelName, type Plan } from '../../results/plan.ts';
import { type Shard, shardName } from '../../results/shards.ts';
import { npmProgram, shellQuoted } from '../../vm/host/program.ts';
import { findMechanism } from '../mechanisms/index.ts';
import type { PlanOptions } from '../plan/make-plan.ts';
import { mostRepeats } from './choices.ts';
import { maxWindows } from './rate-windows.ts';

export { shellQuoted } from '../../vm/host/program.ts';

/** What a user may choose and a plan does not say in so many words. */
export type UnplannedChoices = Pick<PlanOptions, 'rates' | 'quick' | 'repeat'>;

/**
 * The command line that repeats a run: every choice spelled out, quoted for a shell. Mechanisms and scenarios are those of the
 * plan, never left out or said as `all`: what is the default, and what all are, grows.
 */
export function reproCommand(
  plan: Plan,
  { rates = [], quick, repeat }: UnplannedChoices,
  program = npmProgram,
): string {
  const guest = kernelWords(plan);
  if (plan.moduleCommit !== undefined) guest.push('--module', plan.moduleCommit);
  if (plan.arrangement !== undefined) guest.push('--arrangement', String(plan.arrangement));
  const delayNs = agentDelayOf(plan);
  if (delayNs !== undefined) guest.push('--agent-delay', String(delayNs));
  const instructions = pathInstructionsOf(plan);
  if (instructions !== undefined) guest.push('--path-instructions', String(instructions));
  return `${program} ${['bench', ...workWords(plan, { rates, quick, repeat }, guest)].map(shellQuoted).join(' ')}`;
}

/** Instructions that the module executes in vain in each upcall; undefined for a plan in which it executes none. */
export function pathInstructionsOf({ cells }: Pick<Plan, 'cells'>): number | undefined {
  return cells.find(({ pathInstructions }) => pathInstructions !== undefined)?.pathInstructions;
}

/** In ns; undefined for a plan whose agents answer at once. All cells that have agents have the same. */
export function agentDelayOf({ cells }: Pick<Plan, 'cells'>): number | undefined {
  return cells.find(({ agentDelayNs }) => agentDelayNs !== undefined)?.agentDelayNs;
}

/** All that a command line says of what is done, with the words that say in which guest. */
export function workWords(
  plan: Plan,
  { rates = [], quick, repeat = 1 }: UnplannedChoices,
  guest: readonly string[],
): string[] {
  const words: string[] = [];
  for (const names of listed(askedMechanisms(plan))) words.push('--mechanism', names);
  for (const names of listed(askedScenarios(plan))) words.push('--scenario', names);
  for (const rate of rates) words.push('--rate', String(rate));
  words.push('--accelerator', plan.accelerator);
  if (plan.clock !== 'wall') words.push('--clock', plan.clock);
  words.push(...guest);
  words.push('--machine', plan.machine, '--smp', String(plan.smp));
  words.push('--boots', String(plan.boots.length), '--seed', String(plan.seed));
  if (quick) words.push('--quick');
  if (repeat > 1) words.push('--repeat', String(repeat));
  return words;
}

/** The options that name a plan's kernel; none where the machine runs its own. */
export function kernelWords({ kernel, kernelTree }: Pick<PlanOptions, 'kernel' | 'kernelTree'>): string[] {
  if (kernelTree !== undefined) return ['--kernel-tree', kernelTree];
  return kernel === machinesKernelName ? [] : ['--kernel', kernel];
}

/** The command line that does a plan out of a file again, or a shard of it. */
export function plannedRepro(file: string, shard?: Shard, program = npmProgram): string {
  const part = shard === undefined ? [] : ['--shard', shardName(shard)];
  return `${program} ${['bench', '--plan', file, ...part].map(shellQuoted).join(' ')}`;
}

/** From the line that repeats a shard to the one that repeats all of its plan. */
export function withoutShard(repro: string, shard: Shard): string {
  const part = ` --shard ${shardName(shard)}`;
  return repro.endsWith(part) ? repro.slice(0, -part.length) : repro;
}

/** The same for a stored run, whose own line may have left to the defaults of its day what they were. */
export function repeatCommand({ plan, repro }: Manifest, program = npmProgram): string {
  const words = wordsOf(repro);
  // These leave nothing to a default.
  if (['stress', 'pair', 'calibrate', '--plan'].some((word) => words.includes(word)))
    return repro.replace(npmProgram, program);
  return reproCommand(plan, choicesIn(words), program);
}

/**
 * The same with each window measured `times` as often in each boot, or as often as a cell may have windows; null where that cannot be asked
 * for: there is no room, or what decides is a file with the plan, or the time of a session.
 */
export function longerCommand({ plan, repro }: Manifest, times: number, program = npmProgram): string | null {
  const words = wordsOf(repro);
  if (['stress', 'sanitize', '--plan'].some((word) => words.includes(word))) return null;
  const choices = choicesIn(words);
  const room = plan.cells.map(({ windows }) => Math.floor((maxWindows * choices.repeat) / windows.length));
  const repeat = Math.min(choices.repeat * times, mostRepeats, ...room);
  if (repeat <= choices.repeat) return null;
  if (!['pair', 'calibrate'].some((word) => words.includes(word)))
    return reproCommand(plan, { ...choices, repeat }, program);
  const once = repro.replace(npmProgram, program).replaceAll(/('[^']*')| --repeat \d+/g, (_, quoted = '') => quoted);
  return `${once} --repeat ${repeat}`;
}

/** What was chosen for a stored run and its plan does not say. */
export function unplannedIn({ repro }: Pick<Manifest, 'repro'>): UnplannedChoices {
  return choicesIn(wordsOf(repro));
}

/** What a line of `bench` says and the plan does not. */
function choicesIn(words: readonly string[]) {
  const repeat = numbersIn(words, '--repeat')[0] ?? 1;
  return { rates: numbersIn(words, '--rate'), quick: words.includes('--quick'), repeat };
}

/** What is in quotes is no word of ours. */
function wordsOf(repro: string): string[] {
  return repro.replaceAll(/'[^']*'/g, "''").split(/\s+/);
}

/** The values of an option that takes a number. */
function numbersIn(words: readonly string[], option: string): number[] {
  return words.flatMap((word, i) => (words[i - 1] === option && /^\d+$/.test(word) ? [Number(word)] : []));
}

/** A floor comes along by itself wherever it applies; that it was asked for shows only where it does not, and in checks. */
function askedMechanisms({ cells, checks, notApplicable }: Plan): string[] {
  const isFloor = (name: string) => findMechanism(name)?.floor === true;
  const measured = cells.map(({ mechanism }) => mechanism.name);
  const others = notApplicable.map(({ mechanism }) => mechanism);
  const asked = [
    ...measured.filter((name) => !isFloor(name)),
    ...checks.map(({ mechanism }) => mechanism.name),
    ...others,
  ];
  return [...new Set(asked.length > 0 ? asked : measured)];
}

function askedScenarios({ cells, checks, notApplicable }: Plan): string[] {
  return [...new Set([...cells, ...checks, ...notApplicable].map(({ scenario }) => scenario))];
}

/** Names with commas between them, in words short enough for a line of a posting. */
function listed(names: readonly string[]): string[] {
  const longest = 58;
  const lists: string[] = [];
  for (const name of names) {
    const longer = [...lists.slice(-1), name].join(',');
    if (longer.length <= longest) lists.splice(-1, 1, longer);
    else lists.push(name);
  }
  return lists;
}
