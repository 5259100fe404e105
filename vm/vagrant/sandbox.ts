// SPDX-License-Identifier: MIT
/**
 * A libvirt of our own: in namespaces in which nobody else's files, networks and processes are seen (sandbox.sh). It ends, with all that
 * it ever started, when its first process does, and that goes with us.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from '../bounded.ts';
import { KeystormError } from '../failure.ts';
import { leashed } from '../host/leash.ts';
import { entrust } from '../host/reaper/entrust.ts';

const script = fileURLToPath(new URL('sandbox.sh', import.meta.url));
/** libvirt needs some 3 s; a loaded host more. */
const openBoundMs = 120_000;

export interface SandboxOptions {
  /** Where it does not boot guests, KVM is kept from libvirt. */
  readonly accelerator: 'tcg' | 'kvm';
  /** An existing folder for what libvirt has to say, absolute. */
  readonly logs: string;
}

export class Sandbox {
  readonly #child: ChildProcess;
  /** Of its first process, as this host counts. */
  readonly pid: number;
  /** Resolves when it is gone. */
  readonly ended: Promise<void>;

  private constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.pid = pid;
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  /**
   * Starts one; libvirt in it takes commands when this resolves.
   * @throws KeystormError 2 when we may not, 3 when it does not come up.
   */
  static async open({ accelerator, logs }: SandboxOptions): Promise<Sandbox> {
    demandRoot();
    const namespaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child=KILL'];
    const child = spawn(...leashed('unshare', [...namespaces, 'bash', script, accelerator, logs]), {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
    });
    if (child.pid !== undefined) child.once('exit', entrust({ kind: 'process', pid: child.pid }));
    try {
      await within(saysReady(child), openBoundMs, () => new Error(`it is not up after ${openBoundMs / 1000} s`));
    } catch (error) {
      child.kill('SIGKILL');
      throw new KeystormError(
        `The libvirt for Vagrant's guests does not come up: ${(error as Error).message}; its log is ${logs}/libvirtd.log.`,
        3,
      );
    }
    // It waits for us, not we for it.
    child.unref();
    return new Sandbox(child, firstChild(child.pid ?? 0));
  }

  /** What to execute in order to execute the program in there, with our own environment and `folder` to work in. */
  entering(program: string, args: readonly string[], folder = '/'): [program: string, args: string[]] {
    const enter = ['--target', String(this.pid), '--mount', '--net', '--pid', '--ipc', '--uts', `--wdns=${folder}`];
    // nsenter waits outside for what it starts inside; who ends it means the latter.
    return ['nsenter', [...enter, '--', 'setpriv', '--pdeathsig', 'KILL', '--', program, ...args]];
  }

  /** A file of /proc as it is in there: processes have the numbers that their own programs know. */
  readProc(file: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.pid}/root${file}`, 'utf8');
    } catch {
      return undefined;
    }
  }

  /** Ends it, and all in it. */
  async close(): Promise<void> {
    // Nobody else may be left for whom this process would go on.
    this.#child.ref();
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

/** @throws KeystormError (2) where namespaces are not ours to make. */
export function demandRoot(uid = process.getuid?.()): void {
  if (uid === 0) return;
  throw new KeystormError(
    'Guests through Vagrant need root, since their libvirt gets namespaces of its own: run this as root, or use --machine qemu, which needs no privilege.',
  );
}

/** Rejects with what kept it from coming up. */
function saysReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-500);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(said.trim() || `it ended with ${signal ?? `status ${code}`}`)),
    );
    const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
    lines.on('line', (line) => {
      if (line === 'ready') resolve();
      else if (line.startsWith('failed ')) reject(new Error(line.slice('failed '.length)));
    });
    for (const stream of [child.stdout, child.stderr])
      (stream as (typeof stream & { unref?: () => void }) | null)?.unref?.();
  });
}

/** unshare's one child. */
function firstChild(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}
