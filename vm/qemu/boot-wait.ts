// SPDX-License-Identifier: MIT
/** Waits until a guest says on its console that it is up. */
import type { Clock } from '../clock.ts';
import type { ConsoleLines } from '../console-lines.ts';
import type { FailureKind, MachineFailure } from '../failure.ts';
import { describeSilence, Patience } from '../patience.ts';
import type { QemuDeadlines } from './deadlines.ts';

const readyLine = 'keystorm: ready';

export interface BootWait {
  readonly console: ConsoleLines;
  readonly deadlines: Pick<QemuDeadlines, 'ready' | 'silence' | 'giveUp'>;
  readonly clock: Clock;
  /** Milliseconds in which the guest could run; absent: it always can. */
  readonly awake: (() => number) | undefined;
  /** The failure that a symptom amounts to, given what the console showed. */
  readonly symptom: (kind: FailureKind, message: string) => MachineFailure;
  /** Rejects when the guest is gone, with what it died of. */
  readonly gone: Promise<never>;
}

/**
 * Resolves when the guest is up, also if it was before.
 * @throws MachineFailure when it is silent for too long or not up in time, by what its console showed; what `gone` says when it goes first.
 */
export async function awaitBoot({ console, deadlines, clock, awake, symptom, gone }: BootWait): Promise<void> {
  const patience = new Patience(clock, awake, deadlines.giveUp);
  let deaf = () => {};
  const booted = new Promise<void>((resolve, reject) => {
    const listen = () => {
      if (console.tail.includes(readyLine)) resolve();
      patience.expect('word', deadlines.silence, (heard) =>
        reject(symptom('hang', `The guest said nothing on its console ${describeSilence(heard)} while it booted.`)),
      );
    };
    patience.expect('boot', deadlines.ready, (heard) =>
      reject(symptom('timeout', `The guest booted ${describeSilence(heard)} and was not up.`)),
    );
    deaf = console.onLine(listen);
    listen();
  });
  try {
    await Promise.race([booted, gone]);
  } finally {
    deaf();
    patience.stop();
  }
}
