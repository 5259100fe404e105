// SPDX-License-Identifier: MIT
/** Thousands of campaigns, in as many processes as there are processors. */
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { KeystormError } from '../../vm/failure.ts';
import { leashed } from '../../vm/host/leash.ts';
import type { Simulated } from './simulated.ts';

/** What one process does without a word between. */
export interface Share {
  readonly first: number;
  readonly count: number;
}

/** At most, of a second: long beside the message that asks for it, and short enough for all processes to end together. */
const mostInShare = 100;
/** A share that takes so long will not end: a campaign of it goes round and round. */
const usualBoundMs = 300_000;

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
  /** What each process runs, and how long a share may take; for tests. */
  readonly program?: string;
  readonly boundMs?: number;
}

/**
 * The campaigns of `count` seeds from `first` on, with the outcome that `simulate` would have.
 * @throws KeystormError (3) when a process cannot be started, ends before its share, or does not end it within its bound.
 */
export async function simulateSideBySide(
  first: number,
  count: number,
  {
    processes = availableParallelism(),
    told = () => {},
    program = shareProgram,
    boundMs = usualBoundMs,
  }: SideBySideOptions = {},
): Promise<Simulated> {
  const queue = sharesOf(first, count, processes);
  if (queue.length <= 1) return await (await import('./simulate.ts')).simulate(first, count);
  const done: Simulated[] = [];
  const work = async (): Promise<void> => {
    const child = spawn(...leashed(process.execPath, ['--import', 'tsx', reluctantToOptimise, program]), {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    try {
      for (let share = queue.shift(); share !== undefined; share = queue.shift()) {
        done.push(await askedOf(child, share, boundMs));
        told(done.reduce((sum, { campaigns }) => sum + campaigns, 0));
      }
    } finally {
      // Where one has failed, the others need not begin another share.
      queue.length = 0;
      child.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: Math.min(processes, queue.length) }, work));
  return merged(done);
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const shareProgram = fileURLToPath(new URL('share.ts', import.meta.url));

function sharesOf(first: number, count: number, processes: number): Share[] {
  const size = Math.min(mostInShare, Math.ceil(count / processes));
  const shares: Share[] = [];
  for (let at = 0; at < count; at += size) shares.push({ first: first + at, count: Math.min(size, count - at) });
  return shares;
}

function askedOf(child: ChildProcess, share: Share, boundMs: number): Promise<Simulated> {
  return new Promise((resolve, reject) => {
    const ends = (outcome: () => void) => {
      clearTimeout(timer);
      child.off('error', failed).off('exit', gone).off('message', answered);
      outcome();
    };
    const refuse = (what: string) => {
      const campaigns = `campaigns ${share.first} to ${share.first + share.count - 1}`;
      ends(() => reject(new KeystormError(`The process that was to simulate ${campaigns} ${what}.`, 3)));
    };
    const answered = (simulated: Simulated) => ends(() => resolve(simulated));
    const failed = (error: Error) => refuse(`cannot be started or reached (${error.message})`);
    const gone = (code: number | null, signal: NodeJS.Signals | null) =>
      refuse(`ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}; what it said is above`);
    const late = () =>
      refuse(`did not end in ${boundMs / 1000} s; \`npm run simulate -- --seed N\` shows which one goes on`);
    const timer = setTimeout(late, boundMs);
    child.once('error', failed).once('exit', gone).once('message', answered);
    child.send(share, (error) => {
      if (error !== null) failed(error);
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
