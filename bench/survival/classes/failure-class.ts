// SPDX-License-Identifier: MIT
/** What a class of failures is: how a guest is broken, and what its boot's failure may then be called. */
import type { FailureKind } from '../../../vm/failure.ts';
import type { ShellResult } from '../../../vm/machine.ts';
import type { QemuMachine, QemuMachineChange } from '../../../vm/qemu/machine.ts';

/**
 * When a guest is broken. 'boot': while its kernel or init comes up. 'start': it is up, its runner begins. 'window': a cell has its agent;
 * warm-up and windows follow. 'between': the first cell is over, the second is still to come.
 */
export const moments = ['boot', 'start', 'window', 'between'] as const;
export type Moment = (typeof moments)[number];

/** One way to do it. */
export interface Variant {
  readonly name: string;
  /** Of which one is drawn; without any the guest is broken as it is made. */
  readonly moments: readonly Moment[];
  /** Early in the first cell's window: what it does takes long, or shows in the next cell. */
  readonly firstCell?: true;
  /** What is different about the guest. */
  readonly change?: () => QemuMachineChange;
  /** What takes its time and breaks nothing yet. */
  readonly prepare?: (machine: QemuMachine) => Promise<unknown>;
  /** Resolves when all is done that is to be done, with how its command in the guest ended if there was one. May fail as its guest dies of it. */
  readonly inject?: (machine: QemuMachine) => Promise<ShellResult | undefined>;
}

export interface FailureClass {
  readonly name: string;
  /** What may be recorded; null: nothing, the boot is done. */
  readonly acceptable: FailureKind | null;
  readonly variants: readonly Variant[];
}
