// SPDX-License-Identifier: MIT
/** What commands that boot guests have in common: from a plan to a run that is judged and reported. */
import type { Plan } from '../../../results/plan.ts';
import type { HostClock } from '../../../results/run-writer.ts';
import type { MachineProvider } from '../../../vm/machine.ts';
import { citeIn } from '../../calibrate/store.ts';
import { restOf } from '../../report/next-step.ts';
import { aloneIn } from '../../run/alone.ts';
import { catchInterrupts, type Interrupt } from '../../run/interrupt.ts';
import type { RunListener } from '../../run/listener.ts';
import { clockOf, hostClockOf, type RunParts, runPlan } from '../../run/run.ts';
import type { CommandContext } from '../context.ts';
import { type AccessFlags, accessOf } from '../machine-options.ts';
import { judgedRun, printReport, writeReport } from './judged-run.ts';

export interface MeasuringFlags extends AccessFlags {
  readonly locked: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

export interface Measuring {
  readonly plan: Plan;
  readonly provider: MachineProvider;
  readonly display: RunListener;
}

export interface Opening {
  /** The run's folder, asked for when everything is prepared. */
  place(): string;
  /** Called while no other harness is at work on the folder. */
  open(dir: string, clock: HostClock): Pick<RunParts, 'writer' | 'boots' | 'like'>;
}

/** Prepares, boots, judges, reports. @throws KeystormError as the table of exit codes has it. */
export async function measured(
  { plan, provider, display }: Measuring,
  flags: MeasuringFlags,
  { output }: CommandContext,
  { place, open }: Opening,
): Promise<number> {
  /** The run's folder, while boots are being done. */
  let underWay: string | undefined;
  const interrupt = catchInterrupts(
    (text) => display.note(text),
    () => (underWay === undefined ? [] : [restOf(underWay)]),
  );
  try {
    await unlessInterrupted(
      interrupt,
      prepare(provider, plan, flags, (line) => display.note(line)),
    );
    const interrupted = interrupt.exitCode();
    if (interrupted !== undefined) return interrupted;
    const dir = place();
    await aloneIn(dir, async () => {
      const opened = open(dir, hostClockOf(clockOf(provider)));
      underWay = dir;
      await runPlan({ ...opened, ...{ plan, provider, listener: display, signal: interrupt.signal } });
      underWay = undefined;
    });
    const judged = judgedRun(dir);
    citeIn(judged.run);
    printReport(judged, flags.json, output);
    const failed = writeReport(judged, dir, output);
    return interrupt.exitCode() ?? (judged.exitCode || failed);
  } finally {
    interrupt.release();
  }
}

/** Those of the flags that have to do with getting guests. */
export type PrepareFlags = Omit<MeasuringFlags, 'json'>;

/** All that the plan's guests need. */
export function prepare(
  provider: MachineProvider,
  { kernel, kernelTree, moduleCommit, arrangement, accelerator, smp, memoryMiB }: Plan,
  flags: PrepareFlags,
  progress: (line: string) => void,
): Promise<void> {
  const { locked, install } = flags;
  const shape = { smp, memoryMiB };
  const access = accessOf(flags);
  const guests = { kernel, kernelTree, moduleCommit, arrangement, accelerator, shape, access };
  return provider.prepare({ ...guests, locked, noInstall: !install, progress });
}

/** Nothing is measured yet, so there is nothing to wait for once somebody wants to stop. */
export function unlessInterrupted({ signal }: Interrupt, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    work.then(resolve, reject);
  });
}
