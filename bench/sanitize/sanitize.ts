// SPDX-License-Identifier: MIT
/** `npm run sanitize`, from its options to its findings. */
import path from 'node:path';
import { bootsOf, framesOf } from '../../results/boots.ts';
import { type Manifest, runSchemaName } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import { readRun } from '../../results/run-reader.ts';
import { RunWriter } from '../../results/run-writer.ts';
import type { Machine, MachineDescription, MachineProvider } from '../../vm/machine.ts';
import { judge, type Verdict } from '../judge/judge.ts';
import { describeHost, describeTool } from '../run/host.ts';
import type { RunListener } from '../run/listener.ts';
import { clockOf, hostClockOf, runPlan } from '../run/run.ts';
import { runIdOf } from '../run/run-folder.ts';
import { type ExperimentResult, experiments, runExperiment } from './experiments.ts';
import type { Finding } from './findings.ts';
import { growth } from './leaks.ts';
import { OneGuest } from './one-guest.ts';
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
  readonly rounds: { readonly done: number; readonly cells: number; readonly checks: number; readonly upcalls: number };
  /** Keys after each round. */
  readonly keys: readonly number[];
  readonly growth: readonly { readonly cache: string; readonly objects: number }[];
  readonly experiments: readonly ExperimentResult[];
  readonly findings: readonly Finding[];
  /** Of the guest that was last started; undefined when none was. */
  readonly machine: MachineDescription | undefined;
}

const nothingDone = { done: 0, cells: 0, checks: 0, upcalls: 0 };

/** Never throws for what a guest does; KeystormError when nothing can be recorded any more. */
export async function sanitize(job: SanitizeJob): Promise<Sanitized> {
  const watch = new Watch({ slowness: job.slowness, over: () => job.signal.aborted, note: job.note });
  const wants = (part: SanitizePart) => job.parts.includes(part) && !job.signal.aborted;
  const tried = wants('sanitizers') ? await tryAll(job, watch) : { tryings: [], findings: [], machine: undefined };
  const guest = new OneGuest(job.provider, watch);
  // An interrupt ends whatever the guest is doing.
  const cut = () => void guest.end();
  job.signal.addEventListener('abort', cut, { once: true });
  try {
    const load = wants('rounds') ? await runRounds(job, guest) : { rounds: nothingDone, findings: [] };
    const results = wants('experiments') ? await runExperiments(job, guest, watch) : [];
    const compared = job.signal.aborted ? undefined : await lookForLeaks(guest, watch);
    const findings = [
      ...tried.findings,
      ...watch.findings,
      ...results.flatMap((each) => each.findings),
      ...interruption(job.signal),
    ];
    const reported = findings.some(({ kind }) => kind === 'kernel-report');
    return {
      tryings: tried.tryings,
      rounds: load.rounds,
      keys: watch.keys,
      growth: compared === undefined ? [] : growth(compared.before, compared.after),
      experiments: results,
      machine: guest.description ?? tried.machine,
      // The kernel's own words are there already: no need to hear of them from each cell.
      findings: [
        ...findings,
        ...load.findings.filter(({ what }) => !(reported && what.startsWith('kernel-log-clean'))),
      ],
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

async function tryAll({ provider, plan, dir, slowness, note }: SanitizeJob, watch: Watch) {
  const where = 'sanitizers';
  const machine = provider.create({ dir: path.join(dir, where), smp: 1, memoryMiB: plan.memoryMiB });
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
    return { tryings: [], findings: [unseen(where, error)], machine: undefined };
  } finally {
    await machine.stop();
  }
}

async function runRounds({ plan, dir, repro, listener, signal, provider }: SanitizeJob, guest: OneGuest) {
  const runDir = path.join(dir, 'run');
  const manifest: Manifest = {
    schema: runSchemaName,
    runId: runIdOf(runDir),
    createdAt: new Date().toISOString(),
    tool: describeTool(),
    plan,
    host: describeHost(),
    seed: plan.seed,
    repro,
  };
  const writer = RunWriter.create(runDir, manifest, { clock: hostClockOf(clockOf(provider)) });
  await runPlan({ plan, provider: guest, writer, listener, signal });
  const run = readRun(runDir);
  const failures = run.records.flatMap((record): Finding[] =>
    record.kind === 'failure'
      ? [{ kind: 'broken', where: `round ${record.boot}`, what: record.message, lines: record.consoleTail }]
      : [],
  );
  const boots = bootsOf(plan, run.records);
  const upcalls = boots
    .flatMap((boot) => framesOf(boot, 'counters'))
    .reduce((sum, frame) => sum + frame.upcalls_ok + frame.upcalls_failed, 0);
  const done = boots.filter(({ finished }) => finished).length;
  return {
    rounds: { done, cells: plan.cells.length, checks: plan.checks.length, upcalls },
    findings: [...failures, ...expectationFindings(judge(run), failures.length > 0)],
  };
}

/** What is unknown because a guest broke is told by that. */
function expectationFindings(verdicts: readonly Verdict[], broke: boolean): Finding[] {
  return verdicts.flatMap(({ oracle, property, expected, verdict, evidence, dimensions }): Finding[] => {
    const where = `${dimensions.mechanism} in ${dimensions.scenario}`;
    const what = `${oracle}: ${property}, expected ${expected}: ${evidence}`;
    if (verdict === 'fail') return [{ kind: 'expectation', where, what, lines: [] }];
    if (verdict === 'unknown' && !broke) return [{ kind: 'unseen', where, what, lines: [] }];
    return [];
  });
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
