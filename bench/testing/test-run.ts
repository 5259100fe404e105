// SPDX-License-Identifier: MIT
/** For tests: a small run on the fake machine, in virtual time, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runSchemaName } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import { RunWriter, type RunWriterOptions } from '../../results/run-writer.ts';
import { parseScript } from '../../vm/fake/misbehaviour.ts';
import { FakeProvider } from '../../vm/fake/provider.ts';
import { VirtualClock } from '../../vm/fake/virtual-clock.ts';
import { type JudgedRun, judgedRun } from '../commands/actions/judged-run.ts';
import { makePlan, type PlanOptions } from '../plan/make-plan.ts';
import type { BootOutcome } from '../run/boot.ts';
import type { RunListener } from '../run/listener.ts';
import { hostClockOf, runPlan } from '../run/run.ts';
import type { ReadUsage } from '../run/usage.ts';

/** The smallest plan: one agent mechanism and the floor. */
export const smallOptions: PlanOptions = {
  mechanisms: ['keyagent-fd'],
  scenarios: ['latency'],
  kernel: '6.1',
  machine: 'fake',
  boots: 2,
  seed: 7,
  quick: true,
};

export interface TestRun {
  /** What happened, in order, one line each; frames by their type. */
  readonly events: readonly string[];
  readonly outcomes: readonly BootOutcome[];
  readonly judged: JudgedRun;
  /** Virtual ms that the run took. */
  readonly tookMs: number;
  readonly dir: string;
}

export interface TestRunOptions {
  readonly plan?: Partial<PlanOptions>;
  /** The plan itself, instead of one made from options. */
  readonly made?: Plan;
  /** What goes wrong, see vm/fake/misbehaviour.ts. */
  readonly script?: string;
  /** Sees every event, and may abort the run. */
  readonly onEvent?: (event: string, abort: (reason: string) => void) => void;
  readonly writer?: RunWriterOptions;
  /** Where the run goes; default: a new folder. */
  readonly dir?: string;
  /** The host's time of day; default: it goes with the guest's virtual time. */
  readonly now?: () => Date;
  /** What the harness is said to use of the host; default: not recorded. */
  readonly usage?: (clock: VirtualClock) => ReadUsage;
}

const folders: string[] = [];

/** Removes the folders of all test runs; for a suite's `after` hook. */
export function removeTestRuns(): void {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** A new folder that `removeTestRuns` removes. */
export function testFolder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-run-'));
  folders.push(dir);
  return dir;
}

export async function testRun(options: TestRunOptions = {}): Promise<TestRun> {
  const clock = new VirtualClock();
  const provider = new FakeProvider({ clock, script: parseScript(options.script ?? '') });
  await provider.prepare({ kernel: '6.1', locked: true, noInstall: true, progress: () => {} });
  const plan = options.made ?? makePlan({ ...smallOptions, ...options.plan });
  const dir = options.dir ?? testFolder();
  const hostClock = { ...hostClockOf(clock), ...(options.now === undefined ? {} : { now: options.now }) };
  const writer = RunWriter.create(dir, manifestOf(plan), { clock: hostClock, ...options.writer });
  const controller = new AbortController();
  const events: string[] = [];
  const note = (event: string) => {
    events.push(event);
    options.onEvent?.(event, (reason) => controller.abort(reason));
  };
  const usage = options.usage === undefined ? {} : { usage: options.usage(clock) };
  const parts = { plan, provider, writer, listener: recorder(note), signal: controller.signal, ...usage };
  const outcomes = await runPlan(parts);
  return { events, outcomes, judged: judgedRun(dir), tookMs: clock.now(), dir };
}

function recorder(note: (event: string) => void): RunListener {
  return {
    runStarts: () => note('run starts'),
    bootStarts: (boot) => note(`boot ${boot} starts`),
    guestIsUp: (boot) => note(`guest ${boot} is up`),
    frame: (boot, frame) => {
      if (frame.t !== 'beat') note(`${boot} ${frame.t}`);
    },
    failure: (boot, failure) => note(`boot ${boot} ${failure.kind}`),
    bootEnds: (boot, outcome) => note(`boot ${boot} ${outcome}`),
    note,
  };
}

function manifestOf(plan: Plan) {
  return {
    schema: runSchemaName,
    runId: 'test',
    createdAt: new Date(0).toISOString(),
    tool: { version: '0', commit: null, dirty: false },
    plan,
    host: { name: 'host', cpuModel: 'cpu', cpus: 1, memoryBytes: 1, os: 'os', node: 'node' },
    seed: plan.seed,
    repro: 'true',
  } as const;
}
