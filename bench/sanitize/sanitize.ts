// SPDX-License-Identifier: MIT
/** `npm run sanitize`, from its options to its findings. */
import path from 'node:path';
import type { Plan } from '../../results/plan.ts';
import type { Machine, MachineDescription, MachineProvider } from '../../vm/machine.ts';
import type { RunListener } from '../run/listener.ts';
import { type ExperimentResult, experiments, runExperiment } from './experiments.ts';
import { countEqual, type Finding } from './findings.ts';
import { growth } from './leaks.ts';
import { OneGuest } from './one-guest.ts';
import { noRounds, type Rounds, runRounds } from './rounds.ts';
import { type Trying, trySanitizers } from './sanitizers.ts';
import type { Snapshot } from './snapshot.ts';
import { shellOf, unseen, Watch } from './watch.ts';

/** What can be done alone, in the order in which it is done. */
export const sanitizeParts = ['sanitizers', 'rounds', 'experiments'] as const;
export type SanitizePart = (typeof sanitizeParts)[number];

export interface SanitizeJob {
  readonly parts: readonly SanitizePart[];
  /** In short form. */
  readonly plan: Plan;
  readonly provider: MachineProvider;
  /** An empty folder. */
  readonly dir: string;
  /** How the plan can be made again. */
  readonly repro: string;
  readonly slowness: number;
  readonly listener: RunListener;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface Sanitized {
  readonly tryings: readonly Trying[];
  readonly rounds: Rounds['rounds'];
  /** Keys after each round. */
  readonly keys: readonly number[];
  readonly growth: readonly { readonly cache: string; readonly objects: number }[];
  readonly experiments: readonly ExperimentResult[];
  readonly findings: readonly Finding[];
  /** Of the guest that was last started; undefined when none was. */
  readonly machine: MachineDescription | undefined;
}

/** Never throws for what a guest does, nor when nothing can be recorded any more: what was found until then is told all the same. */
export async function sanitize(job: SanitizeJob): Promise<Sanitized> {
  const watch = new Watch({ slowness: job.slowness, over: () => job.signal.aborted, note: job.note });
  const wants = (part: SanitizePart) => job.parts.includes(part) && !job.signal.aborted;
  const tried = wants('sanitizers') ? await tryAll(job, watch) : { tryings: [], findings: [], machine: undefined };
  const guest = new OneGuest(job.provider, watch);
  // An interrupt ends whatever the guest is doing.
  const cut = () => void guest.end();
  job.signal.addEventListener('abort', cut, { once: true });
  try {
    const load = wants('rounds')
      ? await runRounds({ ...job, provider: guest }, () => watch.reportedRounds)
      : { rounds: noRounds, findings: [] };
    const results = wants('experiments') ? await runExperiments(job, guest, watch) : [];
    const compared = job.signal.aborted ? undefined : await lookForLeaks(guest, watch);
    return {
      tryings: tried.tryings,
      rounds: load.rounds,
      keys: watch.keys,
      growth: compared === undefined ? [] : growth(compared.before, compared.after),
      experiments: results,
      machine: guest.description ?? tried.machine,
      findings: countEqual([
        ...tried.findings,
        ...watch.findings,
        ...results.flatMap((each) => each.findings),
        ...interruption(job.signal),
        ...load.findings,
      ]),
    };
  } finally {
    job.signal.removeEventListener('abort', cut);
    await guest.end();
  }
}

/** What was not looked at has not been found clean. */
function interruption({ aborted, reason }: AbortSignal): Finding[] {
  return aborted ? [{ kind: 'unseen', where: 'the rest', what: `interrupted (${String(reason)})`, lines: [] }] : [];
}

async function tryAll({ provider, plan, dir, slowness, note, signal }: SanitizeJob, watch: Watch) {
  const where = 'sanitizers';
  const machine = provider.create({ dir: path.join(dir, where), smp: 1, memoryMiB: plan.memoryMiB });
  const cut = () => void machine.stop();
  signal.addEventListener('abort', cut, { once: true });
  try {
    await machine.start();
    await machine.ready();
    note('trying each sanitizer with a fault on purpose');
    // A scan of all memory takes longest.
    const tryings = await trySanitizers(shellOf(machine), watch.lookMs + 120_000 * slowness, (name) =>
      note(`tried ${name}`),
    );
    const silent = tryings.filter((trying) => trying.silent !== '');
    const findings: Finding[] = silent.map((trying) => ({
      kind: 'silent-sanitizer',
      where,
      what: `${trying.sanitizer}: ${trying.silent}`,
      lines: [],
    }));
    return { tryings, findings, machine: machine.describe() };
  } catch (error) {
    // Of an interrupt the one word that it was one is enough.
    return { tryings: [], findings: signal.aborted ? [] : [unseen(where, error)], machine: undefined };
  } finally {
    signal.removeEventListener('abort', cut);
    await machine.stop();
  }
}

async function runExperiments(job: SanitizeJob, guest: OneGuest, watch: Watch): Promise<ExperimentResult[]> {
  const results: ExperimentResult[] = [];
  for (const experiment of experiments) {
    if (job.signal.aborted) break;
    job.note(`experiment ${experiment.name}: ${experiment.what}`);
    const where = `experiment ${experiment.name}`;
    try {
      const machine = await someGuest(job, guest);
      const result = await runExperiment(experiment, shellOf(machine), job.slowness);
      results.push(result);
      for (const line of result.passed) job.note(`  ${line}`);
      await watch.experimentEnds(machine, experiment.name);
    } catch (error) {
      results.push({ name: experiment.name, passed: [], findings: [unseen(where, error)] });
    }
  }
  return results;
}

/** The guest of the rounds, or a new one where it is gone or there were none. */
async function someGuest({ plan, dir }: SanitizeJob, guest: OneGuest): Promise<Machine> {
  if (guest.living !== undefined) return guest.living;
  const { smp, memoryMiB } = plan;
  const machine = guest.create({ dir: path.join(dir, 'experiments'), smp, memoryMiB });
  await machine.start();
  await machine.ready();
  return machine;
}

async function lookForLeaks(
  guest: OneGuest,
  watch: Watch,
): Promise<{ readonly before: Snapshot; readonly after: Snapshot } | undefined> {
  if (guest.living === undefined) return undefined;
  try {
    return await watch.end(guest.living);
  } catch (error) {
    watch.findings.push(unseen('end', error));
    return undefined;
  }
}
