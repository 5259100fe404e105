// SPDX-License-Identifier: MIT
/** Lets a campaign happen: the real plan maker, runner, writer, reader, judge and measures, on fake guests and a disk in memory. */
import { type Manifest, runSchemaName } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import type { ReadOps } from '../../results/read-ops.ts';
import type { RunRecord } from '../../results/records.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { RunWriter } from '../../results/run-writer.ts';
import { MemoryDisk, systemError } from '../../results/testing/memory-disk.ts';
import type { Diary } from '../../vm/fake/diary.ts';
import { FakeProvider } from '../../vm/fake/provider.ts';
import { VirtualClock } from '../../vm/fake/virtual-clock.ts';
import type { MachineProvider } from '../../vm/machine.ts';
import { judge } from '../judge/judge.ts';
import { exitCodeOf, hasFailure, overallVerdict } from '../judge/outcome.ts';
import type { Verdict } from '../judge/verdict.ts';
import { type Metric, metricsOf } from '../measure/metrics.ts';
import { makePlan } from '../plan/make-plan.ts';
import { randomOf } from '../plan/random.ts';
import type { BootOutcome } from '../run/boot.ts';
import { hostClockOf, runPlan } from '../run/run.ts';
import type { Campaign } from './campaign.ts';
import { countingClock } from './counting-clock.ts';
import { listenerOf } from './events.ts';
import { type End, endOf } from './patience.ts';
import { watchedFiles } from './store-fault.ts';
import { runOn, type TakenUp, takeUp } from './taking-up.ts';
import { shrunk } from './tiny-plan.ts';

/** A run as it is found and what follows from it; or what was thrown where it was looked at. */
export interface Found {
  readonly run: StoredRun;
  readonly verdicts: readonly Verdict[];
  /** Absent of what was left behind by a harness that was killed. */
  readonly metrics?: readonly Metric[] | undefined;
  readonly overall: Verdict['verdict'];
  readonly exitCode: number;
}

/** What a harness that was killed, or its host, left behind, and what it had been told by then. */
export interface Left {
  readonly found: Found | { readonly thrown: unknown };
  readonly appended: number;
  /** Of these, synced. */
  readonly synced: number;
  /** The manifest's name and content were safe. */
  readonly begun: boolean;
}

export interface Resumed {
  /** The last attempt. */
  readonly taken: TakenUp;
  readonly found: Found | { readonly thrown: unknown };
  /** After all attempts. */
  readonly openFiles: number;
}

/** Everything that an invariant may look at. */
export interface Outcome {
  readonly campaign: Campaign;
  /** Null if the plan maker refused; then nothing else has happened. */
  readonly plan: Plan | null;
  /** How the run ended, or the plan maker's refusal. */
  readonly end: End<readonly BootOutcome[]>;
  readonly tookMs: number;
  readonly interrupted: boolean;
  /** Timers that the harness itself left behind. */
  readonly pendingTimers: number;
  readonly openFiles: number;
  /** Errors that nobody caught. */
  readonly uncaught: readonly unknown[];
  /** What `append` returned, in order. */
  readonly appended: readonly RunRecord[];
  readonly diaries: readonly Diary[];
  /** Guests that were there when another was made. */
  readonly overlaps: number;
  /** The disk failed at some operation, closing files and removing them excepted: nobody relies on these. */
  readonly storeFailed: boolean;
  /** The disk as it is in the end. */
  readonly found: Found | { readonly thrown: unknown };
  readonly left: Left | null;
  /** The run, or what was left of it, taken up again; null if it was not, or nothing was left to do. */
  readonly resumed: Resumed | null;
}

const dir = '/simulated/run';
const unreliable = ['close', 'remove'];

/** @throws nothing: whatever happens is part of the outcome. */
export async function enact(campaign: Campaign): Promise<Outcome> {
  const { seed, asked, interruption, cut } = campaign;
  const random = randomOf(seed + 2 ** 31);
  const disk = new MemoryDisk();
  const nothing = { tookMs: 0, interrupted: false, pendingTimers: 0, openFiles: 0, uncaught: [], appended: [] };
  let plan: Plan;
  try {
    plan = shrunk(makePlan(asked), random);
  } catch (thrown) {
    const empty = { diaries: [], overlaps: 0, storeFailed: false, left: null, resumed: null };
    return { campaign, plan: null, end: { how: 'threw', thrown }, ...nothing, ...empty, found: look(disk) };
  }
  const clock = new VirtualClock();
  const fake = new FakeProvider({ clock, script: campaign.script, keepConsole: () => () => {} });
  const harnessClock = countingClock(clock);
  let overlaps = 0;
  const provider: MachineProvider = {
    name: 'fake',
    abilities: fake.abilities,
    clock: harnessClock,
    prepare: (options) => fake.prepare(options),
    create: (options) => {
      if (fake.diaries.length === campaign.noRoomForBoot) throw systemError('ENOSPC', 'mkdir', options.dir);
      if (fake.diaries.some(({ gone }) => !gone)) overlaps++;
      return fake.create(options);
    },
  };
  await fake.prepare({ kernel: plan.kernel, locked: true, noInstall: true, progress: () => {} });

  let interrupted = false;
  const appended: RunRecord[] = [];
  let synced = 0;
  let leave: (() => Left) | undefined;
  let copy: MemoryDisk | undefined;
  const watched = watchedFiles(
    disk,
    campaign.storeFault,
    (operation) => {
      if (cut === null || operation !== cut.operation) return;
      const files = cut.how === 'killed' ? disk.asItIs() : disk.afterPowerCut(cut.share);
      copy = files;
      const known = { appended: appended.length, synced, begun: disk.afterPowerCut(0).exists(`${dir}/manifest.json`) };
      leave = () => ({ ...known, found: look(files, false) });
    },
    campaign.shortWrites ? (bytes) => 1 + random.below(bytes) : undefined,
  );

  const controller = new AbortController();
  const interrupt = () => controller.abort('SIGINT');
  if (interruption !== null && 'atMs' in interruption) clock.after(interruption.atMs, interrupt);
  const listener = listenerOf((event) => {
    if (interruption !== null && 'event' in interruption && event === interruption.event) interrupt();
  });
  const run = async (): Promise<readonly BootOutcome[]> => {
    const writer = RunWriter.create(dir, manifestOf(plan), { files: watched.files, clock: hostClockOf(clock) });
    // A witness of what the writer was told and has promised.
    const [append, sync] = [writer.append.bind(writer), writer.sync.bind(writer)];
    writer.append = (body) => {
      const record = append(body);
      appended.push(record);
      return record;
    };
    writer.sync = () => {
      sync();
      synced = appended.length;
    };
    return await runPlan({ plan, provider, writer, listener, signal: controller.signal }).finally(() => {
      // Who interrupts what has ended interrupts nothing.
      interrupted = controller.signal.aborted;
    });
  };
  const { end, uncaught } = await endOf(run, clock);
  const tookMs = clock.now();
  const pendingTimers = harnessClock.pending;
  clock.clear();
  const [found, left] = [look(disk), leave?.() ?? null];
  return {
    campaign,
    plan,
    end,
    tookMs,
    interrupted,
    pendingTimers,
    openFiles: disk.openFiles,
    uncaught,
    appended,
    diaries: fake.diaries,
    overlaps,
    storeFailed: watched.failed.some((at) => !unreliable.includes(watched.operations[at] ?? '')),
    found,
    left,
    // What is left of it, if that was looked at, has been read already.
    resumed: await resume(copy ?? disk, copy === undefined ? found : left?.found, plan, campaign),
  };
}

/** Takes the run up again, now that nothing goes wrong any more; perhaps not at the first attempt. */
async function resume(
  disk: MemoryDisk,
  before: Outcome['found'] | undefined,
  plan: Plan,
  { resumption }: Campaign,
): Promise<Outcome['resumed']> {
  if (resumption === null) return null;
  let run = before !== undefined && 'run' in before ? before.run : runOn(disk, dir);
  if (resumption.fault !== null) {
    await takeUp(disk, dir, run, plan, resumption.fault);
    run = runOn(disk, dir);
  }
  const taken = await takeUp(disk, dir, run, plan, null);
  return taken === null ? null : { taken, found: look(disk, false), openFiles: disk.openFiles };
}

/** Reads, judges and, if that is asked for, measures what is there. */
function look(files: ReadOps, measured = true): Outcome['found'] {
  try {
    const run = readRun(dir, files);
    const verdicts = judge(run);
    const overall = overallVerdict(verdicts, run.status);
    const exitCode = exitCodeOf(verdicts, run.status, hasFailure(run.records));
    return { run, verdicts, overall, exitCode, ...(measured ? { metrics: metricsOf(run) } : {}) };
  } catch (thrown) {
    return { thrown };
  }
}

function manifestOf(plan: Plan): Manifest {
  return {
    schema: runSchemaName,
    runId: 'simulated',
    createdAt: new Date(0).toISOString(),
    tool: { version: '0', commit: null, dirty: false },
    plan,
    host: { name: 'host', cpuModel: 'cpu', cpus: 1, memoryBytes: 1, os: 'os', node: 'node' },
    seed: plan.seed,
    repro: 'true',
  };
}
