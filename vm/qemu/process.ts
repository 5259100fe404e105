// SPDX-License-Identifier: MIT
/** The QEMU process: started so that it cannot outlive us, and ended for certain. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { settledWithin } from '../bounded.ts';
import { monitorFd } from './arguments.ts';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last of what it wrote to its standard error. */
  readonly stderr: string;
}

/** How long SIGKILL may take to be seen through. */
const killBoundMs = 10_000;
const stderrKept = 4_000;

/**
 * setpriv has the kernel kill QEMU when its parent dies. "Parent" means the thread that forked it, so this must run on Node's main
 * thread. The shell closes the gap before setpriv took effect: if we died in it, QEMU already has another parent and is not
 * started. Both exec, so QEMU has the pid we see.
 */
const leash = ['--pdeathsig', 'KILL', '--', 'sh', '-c', 'test "$PPID" = "$0" && exec "$@"'];

export class QemuProcess {
  readonly #child: ChildProcess;
  #stderr = '';
  /** Resolves when the process has ended and all it wrote was read. Never rejects. */
  readonly exited: Promise<ProcessExit>;

  constructor(program: string, args: readonly string[]) {
    const command = [...leash, String(process.pid), program, ...args];
    this.#child = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-stderrKept);
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }));
      this.#child.once('close', (code, signal) => resolve({ code, signal, stderr: this.#stderr.trim() }));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What the guest writes to its console. */
  get console(): Readable {
    return this.#child.stdout as Readable;
  }

  /** The monitor's end of the socket pair. */
  get monitor(): Duplex {
    const stdio: readonly unknown[] = this.#child.stdio;
    return stdio[monitorFd] as Duplex;
  }

  /** SIGKILL, by pid; waits until it is gone. False if it still is not after ten seconds. */
  async kill(): Promise<boolean> {
    this.#child.kill('SIGKILL');
    return await settledWithin(this.exited, killBoundMs);
  }
}
