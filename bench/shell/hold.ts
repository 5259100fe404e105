// SPDX-License-Identifier: MIT
/** Has a machine's runner hold containers with their agents, until it is told to let go. */
import type { Duplex } from 'node:stream';
import { decodeFrameLine, type Frame } from '../../results/frames.ts';
import { settledWithin, within } from '../../vm/bounded.ts';
import { MachineFailure } from '../../vm/failure.ts';
import type { Machine } from '../../vm/machine.ts';
import { plainText } from '../report/plain-text.ts';
import { Lines } from '../run/lines.ts';
import { kindOfError } from '../run/runner-error.ts';

export interface HoldBounds {
  /** From the plan to the word that all is up, in ms. */
  readonly upMs: number;
  /** From the end of the plan's stream to that of the runner. */
  readonly letGoMs: number;
}

/** What is held. */
export interface Held {
  /** Rejects when it is no longer held, with the reason. Never resolves. */
  readonly lost: Promise<never>;
  /** Has it taken down, and waits for that within a bound. Never rejects. */
  letGo(): Promise<void>;
}

/** The runner's words for waiting with everything up. */
const holding = 'hold';

/** Of a machine that is ready. Rejects with a MachineFailure when what is to be held does not come up in time. */
export async function hold(machine: Machine, guestPlan: string, bounds: HoldBounds): Promise<Held> {
  const channel = await machine.channel();
  const { up, lost, closed } = listen(channel);
  lost.catch(() => undefined);
  channel.write(guestPlan);
  const late = () => new MachineFailure('timeout', `The containers were not up within ${bounds.upMs / 1_000} s.`);
  const letGo = async () => {
    channel.end();
    if (!(await settledWithin(closed, bounds.letGoMs))) channel.destroy();
  };
  try {
    await within(Promise.race([up, lost]), bounds.upMs, late);
  } catch (error) {
    await letGo();
    throw error;
  }
  return { lost, letGo };
}

function listen(channel: Duplex) {
  let isUp: () => void = () => undefined;
  let isLost: (why: Error) => void = () => undefined;
  const up = new Promise<void>((resolve) => {
    isUp = resolve;
  });
  const lost = new Promise<never>((_resolve, reject) => {
    isLost = reject;
  });
  const closed = new Promise<void>((resolve) => {
    channel.once('close', () => resolve());
  });
  const lines = new Lines((line) => {
    const decoded = decodeFrameLine(line);
    if (decoded.ok) hear(decoded.frame);
  });
  const hear = (frame: Frame) => {
    if (frame.t === 'beat' && frame.phase === holding) isUp();
    if (frame.t === 'error')
      isLost(
        new MachineFailure(
          kindOfError(frame.message),
          `The runner in the guest gave up in ${plainText(frame.where)}: ${plainText(frame.message)}.`,
        ),
      );
  };
  channel.on('data', (chunk: Buffer) => lines.feed(chunk));
  channel.on('error', isLost);
  channel.on('end', () => isLost(new MachineFailure('lost-connection', "The runner's output ended.")));
  return { up, lost, closed };
}
