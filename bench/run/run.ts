// SPDX-License-Identifier: MIT

import type { BootPlan, Plan } from '../../results/plan.ts';
import type { HostClock, RunWriter } from '../../results/run-writer.ts';
import { type Clock, wallClock } from '../../vm/clock.ts';
import type { MachineDescription, MachineProvider } from '../../vm/machine.ts';
import { type BootOutcome, reasonOf, runBoot } from './boot.ts';
import type { Bounds } from './bounds.ts';
import type { RunListener } from './listener.ts';
import { processUsage, type ReadUsage } from './usage.ts';

export interface RunParts {
  readonly plan: Plan;
  /** Already prepared. */
  readonly provider: MachineProvider;
  /** Of a run that was just created with this plan, or taken up. */
  readonly writer: RunWriter;
  /** Default: all of the plan's. */
  readonly boots?: readonly BootPlan[];
  /** What every guest must be like; absent: whatever it is. */
  readonly like?: MachineDescription | undefined;
  readonly listener: RunListener;
  readonly bounds?: Bounds;
  /** Default: this process's, where guests live in the time of this world; else none, for it would mean nothing. */
  readonly usage?: ReadUsage;
  readonly signal: AbortSignal;
}

/**
 * Boots what the plan says, one guest after the other, in the plan's order. A boot that fails does not keep the others
 * from being tried; an abort ends the run, marked so.
 * @throws KeystormError when nothing more can be recorded.
 */
export async function runPlan(parts: RunParts): Promise<BootOutcome[]> {
  const run = new RunUnderWay(parts);
  try {
    await run.do(run.boots);
    run.finish();
  } finally {
    run.close();
  }
  return run.outcomes;
}

/** A run some of whose boots are done, for those who do something else between them. */
export class RunUnderWay {
  readonly outcomes: BootOutcome[] = [];
  /** All that are to be done. */
  readonly boots: readonly BootPlan[];

  constructor(readonly parts: RunParts) {
    const { plan, writer, listener } = parts;
    this.boots = parts.boots ?? plan.boots;
    listener.runStarts(plan, this.boots, writer.dir);
  }

  /** These of its boots, one after the other, until the signal comes. @throws KeystormError when nothing more can be recorded. */
  async do(boots: readonly BootPlan[]): Promise<void> {
    const { provider, signal } = this.parts;
    const clock = clockOf(provider);
    const usage = this.parts.usage ?? (provider.clock === undefined ? processUsage : undefined);
    for (const boot of boots) {
      if (signal.aborted) return;
      this.outcomes.push(await runBoot({ ...this.parts, boot, clock, usage }));
    }
  }

  /** Records that it came to its end, or that the signal did. */
  finish(): void {
    const { writer, signal } = this.parts;
    if (signal.aborted && this.outcomes.at(-1) !== 'aborted') {
      writer.append({ kind: 'aborted', boot: null, signal: reasonOf(signal) });
    }
    writer.finish(signal.aborted ? 'aborted' : 'complete');
  }

  /** Lets go of its files; a run that was not finished is read as one that was cut off. */
  close(): void {
    this.parts.writer.close();
  }
}

/** The time in which the provider's guests live. */
export function clockOf(provider: MachineProvider): Clock {
  return provider.clock ?? wallClock;
}

/** That time as the stamps of the records. */
export function hostClockOf(clock: Clock): HostClock {
  return { now: () => clock.date(), monotonicNs: () => BigInt(Math.round(clock.now() * 1e6)) };
}
