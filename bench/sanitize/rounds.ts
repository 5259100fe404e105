// SPDX-License-Identifier: MIT
/** The rounds of `npm run sanitize`: the plan as a run like any other, in one guest, and what is wrong with it. */
import path from 'node:path';
import { type BootView, bootsOf, cellsInBoot, checksInBoot, framesOf } from '../../results/boots.ts';
import type { Plan } from '../../results/plan.ts';
import type { RecordOf } from '../../results/records.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { RunWriter } from '../../results/run-writer.ts';
import type { MachineProvider } from '../../vm/machine.ts';
import { judge } from '../judge/judge.ts';
import type { RunListener } from '../run/listener.ts';
import { makeManifest } from '../run/make-manifest.ts';
import { clockOf, hostClockOf, runPlan } from '../run/run.ts';
import { expectationFindings } from './expectations.ts';
import type { Finding } from './findings.ts';

export interface RoundsJob {
  /** In short form. */
  readonly plan: Plan;
  /** Whose machines are one guest. */
  readonly provider: MachineProvider;
  /** The run becomes a folder in it. */
  readonly dir: string;
  /** How the plan can be made again. */
  readonly repro: string;
  readonly listener: RunListener;
  readonly signal: AbortSignal;
}

export interface Rounds {
  readonly rounds: { readonly done: number; readonly cells: number; readonly checks: number; readonly upcalls: number };
  readonly findings: readonly Finding[];
}

export const noRounds: Rounds['rounds'] = { done: 0, cells: 0, checks: 0, upcalls: 0 };

/** The folder of the run in that of all that is found. */
export const runDirIn = (dir: string): string => path.join(dir, 'run');

/**
 * Never throws: where nothing can be recorded any more, that is a finding beside the others. `reported`: rounds after which the
 * kernel's own words were found, asked for when all are over.
 */
export async function runRounds(job: RoundsJob, reported: () => ReadonlySet<number>): Promise<Rounds> {
  const { plan, provider, listener, signal } = job;
  const dir = runDirIn(job.dir);
  const broken: Finding[] = [];
  try {
    const writer = RunWriter.create(dir, makeManifest(plan, job.repro, dir, new Date()), {
      clock: hostClockOf(clockOf(provider)),
    });
    await runPlan({ plan, provider, writer, listener, signal });
  } catch (error) {
    broken.push(notRecorded(error));
  }
  try {
    return roundsOf(readRun(dir), broken, reported());
  } catch (error) {
    return { rounds: noRounds, findings: broken.length > 0 ? broken : [notRecorded(error)] };
  }
}

function notRecorded(error: unknown): Finding {
  const what = error instanceof Error ? error.message : String(error);
  return { kind: 'broken', where: 'rounds', what, lines: [] };
}

function brokenBy({ boot, message, consoleTail, title, fingerprint }: RecordOf<'failure'>): Finding {
  const fault = title === undefined || fingerprint === undefined ? {} : { title, fingerprint };
  return { kind: 'broken', where: `round ${boot}`, what: message, lines: consoleTail, ...fault };
}

function roundsOf(run: StoredRun, broken: readonly Finding[], reported: ReadonlySet<number>): Rounds {
  const { plan } = run.manifest;
  const failures = run.records.flatMap((record): Finding[] => (record.kind === 'failure' ? [brokenBy(record)] : []));
  const boots = bootsOf(plan, run.records);
  const upcalls = boots
    .flatMap((boot) => framesOf(boot, 'counters'))
    .reduce((sum, frame) => sum + frame.upcalls_ok + frame.upcalls_failed, 0);
  const done = boots.filter(({ finished }) => finished);
  const different = (of: (boot: BootView) => readonly { readonly id: string }[]) =>
    new Set(done.flatMap((boot) => of(boot).map(({ id }) => id))).size;
  const cells = different((boot) => cellsInBoot(plan, boot.plan));
  const checks = different((boot) => checksInBoot(plan, boot.plan));
  // What was not reached because somebody interrupted is told by that.
  const broke = failures.length + broken.length > 0 || run.status === 'aborted';
  return {
    rounds: { done: done.length, cells, checks, upcalls },
    findings: [
      ...broken,
      ...failures,
      // What was lost of the record, or garbled, nobody has looked at.
      ...run.problems.map((what): Finding => ({ kind: 'unseen', where: 'rounds', what, lines: [] })),
      ...expectationFindings(run, judge(run), { broke, reported }),
    ],
  };
}
