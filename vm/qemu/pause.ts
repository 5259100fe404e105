// SPDX-License-Identifier: MIT
/** Stops a guest's time by its monitor, and lets it go on; what it may not be blamed for meanwhile is said to who counts its time. */
import { MachineFailure } from '../failure.ts';
import type { Pause } from '../machine.ts';

export interface PauseParts {
  /** Has QEMU's monitor execute a command; rejects when it does not. */
  readonly control: (command: string) => Promise<unknown>;
  /** Whoever counts the guest's time; undefined while there is nobody. */
  readonly awake: () => { pause(): void; resume(): void } | undefined;
}

export function pauseOf({ control, awake }: PauseParts): Pause {
  const orFail = async (what: string, command: string) => {
    try {
      await control(command);
    } catch (error) {
      throw new MachineFailure('harness-fault', `The guest could not be ${what}: ${(error as Error).message}.`);
    }
  };
  return {
    pause: async () => {
      await orFail('paused', 'stop');
      awake()?.pause();
    },
    resume: async () => {
      await orFail('resumed', 'cont');
      awake()?.resume();
    },
  };
}
