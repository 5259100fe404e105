// SPDX-License-Identifier: MIT
/**
 * In how much of the host's time a guest could run: not while it was paused, nor while QEMU was stopped by a signal, nor while a
 * virtual processor was ready to run and the host gave it none.
 */
import { readFileSync } from 'node:fs';

export interface AwakeParts {
  /** QEMU's process. */
  readonly pid: number;
  /** Its threads that are the virtual processors. */
  readonly threads: readonly number[];
  /** Milliseconds of the host's monotonic clock. */
  readonly now: () => number;
  /** The text of a file of /proc; undefined where it is not there. */
  readonly read?: (file: string) => string | undefined;
}

export class Awake {
  readonly #parts: AwakeParts;
  readonly #read: (file: string) => string | undefined;
  #awakeMs = 0;
  /** When it was last looked at, and what was seen then. */
  #at: number;
  #delays: ReadonlyMap<number, number>;
  #stopped: boolean;
  #paused = false;

  constructor(parts: AwakeParts) {
    this.#parts = parts;
    this.#read = parts.read ?? readIfThere;
    this.#at = parts.now();
    this.#delays = this.#readDelays();
    this.#stopped = this.#isStopped();
  }

  /** From now on its time does not count. */
  pause(): void {
    this.look();
    this.#paused = true;
  }

  /** It counts again. */
  resume(): void {
    this.look();
    this.#paused = false;
  }

  /**
   * Milliseconds since this was made in which the guest could run. Of a process that was found stopped nothing counts since the
   * look before: rather too little than too much.
   */
  look(): number {
    const now = this.#parts.now();
    const delays = this.#readDelays();
    const stopped = this.#isStopped();
    // Where one of several waits for a processor, whoever runs on it waits: the longest wait of one is taken for the guest's.
    let waited = 0;
    for (const [thread, delay] of delays) waited = Math.max(waited, delay - (this.#delays.get(thread) ?? delay));
    if (!this.#paused && !stopped && !this.#stopped) this.#awakeMs += Math.max(0, now - this.#at - waited);
    this.#at = now;
    this.#delays = delays;
    this.#stopped = stopped;
    return this.#awakeMs;
  }

  #readDelays(): Map<number, number> {
    const { pid, threads } = this.#parts;
    return new Map(
      threads.map((thread) => [thread, runDelayMs(this.#read(`/proc/${pid}/task/${thread}/schedstat`) ?? '')]),
    );
  }

  #isStopped(): boolean {
    return isStopped(this.#read(`/proc/${this.#parts.pid}/stat`) ?? '');
  }
}

/** How long a thread has waited for a processor, in all, from its schedstat; 0 where the kernel does not count it. */
export function runDelayMs(schedstat: string): number {
  const nanoseconds = Number(schedstat.trim().split(' ')[1] ?? 0);
  return Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : 0;
}

/** Whether a signal or a debugger has stopped a process, from its stat. The name before the state may contain anything. */
export function isStopped(stat: string): boolean {
  return /^[Tt]$/.test(stat.slice(stat.lastIndexOf(')') + 2).charAt(0));
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
