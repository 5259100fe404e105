// SPDX-License-Identifier: MIT
import type { Frame } from '../../results/frames.ts';
import type { BootPlan, Plan } from '../../results/plan.ts';
import type { MachineFailure } from '../../vm/failure.ts';

/** Is told what a run does, as it does it. Must not throw, and must not wait. */
export interface RunListener {
  /** Before the first boot. `boots`: those that will be done; of a run that is taken up not all of the plan's. */
  runStarts(plan: Plan, boots: readonly BootPlan[], dir: string): void;
  bootStarts(boot: number): void;
  /** The guest is up, and has its plan. */
  guestIsUp(boot: number): void;
  /** A valid frame arrived and is stored. */
  frame(boot: number, frame: Frame): void;
  failure(boot: number, failure: MachineFailure): void;
  bootEnds(boot: number, outcome: 'done' | 'failed' | 'aborted'): void;
  /** Anything else worth a line. */
  note(text: string): void;
}
