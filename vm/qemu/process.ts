// SPDX-License-Identifier: MIT
/** The QEMU process: started so that it cannot outlive us, and ended for certain. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { settledWithin } from '../bounded.ts';
import { leashed } from '../host/leash.ts';
import type { Pipe } from '../host/pipe.ts';
import { entrust } from '../host/reaper/entrust.ts';
import { monitorFd } from './arguments.ts';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It did not end even when it was killed (stuck in the kernel): it is still there. */
  readonly survived: boolean;
  /** Last of what it wrote to its standard error. */
  readonly stderr: string;
}

/** How long SIGKILL may take to be seen through. */
const killBoundMs = 10_000;
const stderrKept = 4_000;

export class QemuProcess {
  readonly #child: ChildProcess;
  #stderr = '';
  #giveUp: () => void = () => undefined;
  /** Resolves when the process has ended and all it wrote was read, or when it does not end though killed. Never rejects. */
  readonly exited: Promise<ProcessExit>;

  /** What the guest writes to its console. It is kept while nobody reads, 64 KiB of it. */
  readonly console: Readable;

  /** `console`: where it writes what the guest does; ours is closed here. `cwd`: the folder it works in, default ours. */
  constructor(program: string, args: readonly string[], console: Pipe, cwd?: string) {
    this.console = console.output;
    // What there is to be heard of a broken pipe, its end says.
    this.console.on('error', () => undefined);
    const heard = new Promise<void>((resolve) => this.console.once('close', () => resolve()));
    this.#child = spawn(...leashed(program, args), {
      stdio: ['ignore', console.input, 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    console.closeInput();
    // The leash is off while QEMU is in the hands of setpriv and sh; and the reaper sees to it that it is gone.
    const release =
      this.#child.pid === undefined ? () => undefined : entrust({ kind: 'process', pid: this.#child.pid });
    this.#child.once('exit', release);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-stderrKept);
    });
    this.exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null, stderr: string, survived = false) =>
        resolve({ code, signal, stderr, survived });
      this.#child.once('error', (error) => end(null, null, error.message));
      this.#child.once('close', (code, signal) => void heard.then(() => end(code, signal, this.#stderr.trim())));
      this.#giveUp = () => end(null, null, `it does not end, though it was killed (pid ${this.pid})`, true);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The monitor's end of the socket pair. */
  get monitor(): Duplex {
    const stdio: readonly unknown[] = this.#child.stdio;
    return stdio[monitorFd] as Duplex;
  }

  /** SIGKILL, by pid; waits until it is gone, at most ten seconds. Afterwards `exited` is settled. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    if (!(await settledWithin(this.exited, killBoundMs))) this.#giveUp();
  }
}
