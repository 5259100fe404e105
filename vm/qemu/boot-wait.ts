// SPDX-License-Identifier: MIT
/** Waits until a guest says on its console that it is up. */
import type { Clock } from '../clock.ts';
import type { ConsoleLines } from '../console-lines.ts';
import { describeSilence, Patience } from '../patience.ts';
import type { QemuDeadlines } from './deadlines.ts';
import type { Fate } from './fate.ts';

export interface BootWait {
  readonly console: ConsoleLines;
  /** Of the same console: it remembers what was said before anybody waited, and knows what a symptom amounts to. */
  readonly fate: Pick<Fate, 'isUp' | 'symptom'>;
  readonly deadlines: Pick<QemuDeadlines, 'ready' | 'silence' | 'giveUp'>;
  readonly clock: Clock;
  /** Milliseconds in which the guest could run; absent: it always can. */
  readonly awake: (() => number) | undefined;
  /** Rejects when the guest is gone, with what it died of. */
  readonly gone: Promise<never>;
}

/**
 * Resolves when the guest is up, also if it was before.
 * @throws MachineFailure when it is silent for too long or not up in time, by what its console showed; what `gone` says when it goes first.
 */
export async function awaitBoot({ console, fate, deadlines, clock, awake, gone }: BootWait): Promise<void> {
  const patience = new Patience(clock, awake, deadlines.giveUp);
  let deaf = () => {};
  const booted = new Promise<void>((resolve, reject) => {
    const listen = () => {
      if (fate.isUp) resolve();
      patience.expect('word', deadlines.silence, (heard) =>
        reject(
          fate.symptom('hang', `The guest said nothing on its console ${describeSilence(heard)} while it booted.`),
        ),
      );
    };
    patience.expect('boot', deadlines.ready, (heard) =>
      reject(fate.symptom('timeout', `The guest booted ${describeSilence(heard)} and was not up.`)),
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
