// SPDX-License-Identifier: MIT
/** Thousands of campaigns, in as many processes as there are processors. */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { KeystormError } from '../../vm/failure.ts';
import { type Simulated, simulate } from './simulate.ts';

/** What one process does without a word between. */
export interface Share {
  readonly first: number;
  readonly count: number;
}

/** Of some seconds: long beside the message that asks for it, and short enough for all processes to end together. */
const shareSize = 250;

/**
 * A campaign runs much code a few times: left to its own, V8 spends a quarter of the processor time of some thousand campaigns on
 * optimising it. So it does that only for what is seven times as hot as usual.
 */
const reluctantToOptimise = '--interrupt-budget=500000';

export interface SideBySideOptions {
  /** How many processes at most; a processor each if it is absent. */
  readonly processes?: number;
  /** Hears how many campaigns are done, after each share. */
  readonly told?: (done: number) => void;
  /** What each process runs; for tests. */
  readonly program?: string;
}

/**
 * The campaigns of `count` seeds from `first` on, with the outcome that `simulate` would have.
 * @throws KeystormError (3) when a process ends before its share.
 */
export async function simulateSideBySide(
  first: number,
  count: number,
  { processes = availableParallelism(), told = () => {}, program = shareProgram }: SideBySideOptions = {},
): Promise<Simulated> {
  const queue = sharesOf(first, count);
  if (queue.length <= 1) return await simulate(first, count);
  const done: Simulated[] = [];
  const work = async (): Promise<void> => {
    const child = fork(program, { execArgv: ['--import', 'tsx', reluctantToOptimise], cwd: root });
    try {
      for (let share = queue.shift(); share !== undefined; share = queue.shift()) {
        done.push(await askedOf(child, share));
        told(done.reduce((sum, { campaigns }) => sum + campaigns, 0));
      }
    } finally {
      // Where one has ended too early, the others need not begin another share.
      queue.length = 0;
      if (child.connected) child.disconnect();
    }
  };
  await Promise.all(Array.from({ length: Math.min(processes, queue.length) }, work));
  return merged(done);
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const shareProgram = fileURLToPath(new URL('share.ts', import.meta.url));

function sharesOf(first: number, count: number): Share[] {
  const shares: Share[] = [];
  for (let at = 0; at < count; at += shareSize)
    shares.push({ first: first + at, count: Math.min(shareSize, count - at) });
  return shares;
}

function askedOf(child: ChildProcess, share: Share): Promise<Simulated> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: NodeJS.Signals | null) => {
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      const seeds = `${share.first} to ${share.first + share.count - 1}`;
      reject(
        new KeystormError(`The process that simulated campaigns ${seeds} ended ${how}; what it said is above.`, 3),
      );
    };
    child.once('exit', gone);
    child.once('message', (simulated: Simulated) => {
      child.off('exit', gone);
      resolve(simulated);
    });
    child.send(share, (error) => {
      if (error !== null) gone(child.exitCode, child.signalCode);
    });
  });
}

function merged(parts: readonly Simulated[]): Simulated {
  const tally: Record<string, number> = {};
  for (const part of parts)
    for (const [word, times] of Object.entries(part.tally)) tally[word] = (tally[word] ?? 0) + times;
  return {
    campaigns: parts.reduce((sum, { campaigns }) => sum + campaigns, 0),
    failed: parts.flatMap(({ failed }) => failed).sort((a, b) => a.seed - b.seed),
    tally,
  };
}
