// SPDX-License-Identifier: MIT
/**
 * A lock between harnesses: flock(2) on a file, held by a child whose standard input is a pipe from us. However we end, the pipe
 * closes and the lock with it; the file itself stays and means nothing.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { settledWithin } from '../bounded.ts';
import { KeystormError } from '../failure.ts';

export interface LockOptions {
  /** How long to wait for whoever holds it, in milliseconds. */
  readonly waitMs: number;
  /** Told once, before it waits: who holds the lock, as far as is known. */
  readonly onWait: (holder: string) => void;
}

/** flock's status when somebody else holds the lock; none of its own. */
const busyStatus = 75;
/** How long the child may take to see that its input ended. */
const releaseBoundMs = 5_000;
/** How long the holder may take to write its name. */
const nameBoundMs = 1_000;

/**
 * Calls `work` while holding the lock `file`, which is made if missing. Rejects with the file system's error when it cannot be
 * opened, and with a KeystormError (exit 3) when it is still held by another after `waitMs`.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  // Node's error carries code and path; flock's is only text.
  closeSync(openSync(file, 'a'));
  let child = await take(file, ['--nonblock']);
  if (child === undefined) {
    const holder = await holderOf(file);
    options.onWait(holder);
    child = await take(file, ['--wait', String(Math.max(0.001, options.waitMs / 1000))]);
    if (child === undefined)
      throw new KeystormError(
        `${holder} has held the lock ${file} for ${Math.round(options.waitMs / 1000)} s: see what it does, and end it if it hangs.`,
        3,
      );
  }
  try {
    return await work();
  } finally {
    await release(child, file);
  }
}

/** Whether another process of this host is at work under the lock `file`: by its name in the file, and because it cannot be had. Of another host's nothing is said. */
export function isHeldByAnother(file: string): boolean {
  const [name, pid, host] = heldBy(file);
  if (name === undefined || host !== hostname() || Number(pid) === process.pid || !isRunning(Number(pid))) return false;
  // A number may be another program's by now: then the lock is free, and is had for no more than this moment.
  const how = ['--nonblock', '--conflict-exit-code', String(busyStatus), file, 'true'];
  return spawnSync('flock', how, { stdio: 'ignore' }).status === busyStatus;
}

/** The child that holds the lock; undefined when another has it. */
async function take(file: string, how: readonly string[]): Promise<ChildProcess | undefined> {
  const script = 'echo "$1" >"$0"; echo held; exec cat';
  const flock = ['flock', '--no-fork', '--conflict-exit-code', String(busyStatus), ...how, file];
  const me = `pid ${process.pid} on ${hostname()}`;
  // The kernel ends it with us even while it waits, when it does not look at its input yet.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...flock, 'sh', '-c', script, file, me], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stdin?.on('error', () => undefined);
  const held = once(child.stdout ?? child, 'data').then(() => 'held' as const);
  held.catch(() => undefined);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const outcome = await Promise.race([held, ended]);
  if (outcome === 'held') return child;
  if (outcome === busyStatus) return undefined;
  throw new KeystormError(`The lock ${file} cannot be taken: ${said.trim() || `flock ended with ${outcome}`}.`, 3);
}

async function release(child: ChildProcess, file: string): Promise<void> {
  try {
    // Still held: the next holder's name is not the one that goes.
    truncateSync(file);
  } catch {
    // Then it keeps a name that may be told to somebody for a moment.
  }
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'close') : Promise.resolve();
  child.stdin?.end();
  if (!(await settledWithin(gone, releaseBoundMs))) child.kill('SIGKILL');
}

/** Who holds the lock says so just after it was taken; one that was killed has left its name. Waits a moment for a living one. */
async function holderOf(file: string): Promise<string> {
  for (const until = performance.now() + nameBoundMs; performance.now() < until; await sleep(10)) {
    const [name, pid, host] = heldBy(file);
    if (name !== undefined && (host !== hostname() || isRunning(Number(pid)))) return `Another keystorm (${name})`;
  }
  return 'Another keystorm';
}

/** `pid N on HOST`, N and HOST, of whoever took it last; empty where nobody has. */
function heldBy(file: string): readonly string[] {
  return /^pid (\d+) on ([\w.-]+)$/.exec(textOf(file).trim()) ?? [];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
