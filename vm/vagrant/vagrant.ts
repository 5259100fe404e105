// SPDX-License-Identifier: MIT
/** Vagrant, as a program that is told about one guest: what it says goes to a log, what it means is returned. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { BoundedLog } from '../bounded-log.ts';
import { leashed } from '../host/leash.ts';
import { entrust } from '../host/reaper/entrust.ts';
import type { Sandbox } from './sandbox.ts';

export interface VagrantParts {
  readonly sandbox: Sandbox;
  /** Variables beside our own. */
  readonly environment: NodeJS.ProcessEnv;
  /** A file that what Vagrant says is appended to. */
  readonly log: string;
}

/** How a command of Vagrant's ended. */
export interface VagrantEnd {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  /** What it complains of, in one clause; empty when it complains of nothing. */
  readonly complaint: string;
}

const keptBytes = 64 * 1024;

export class Vagrant {
  readonly #parts: VagrantParts;
  readonly #running = new Set<ChildProcess>();

  constructor(parts: VagrantParts) {
    this.#parts = parts;
  }

  /** Runs `vagrant` to its end, at most `boundMs`, then it is killed. Never rejects. */
  async run(args: readonly string[], boundMs: number): Promise<VagrantEnd> {
    const { sandbox, environment, log } = this.#parts;
    const child = spawn(...leashed(...sandbox.entering('vagrant', [...args, '--no-tty'])), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.#running.add(child);
    const release = child.pid === undefined ? () => undefined : entrust({ kind: 'process', pid: child.pid });
    const [out, err] = [new Kept(), new Kept()];
    const written = openLog(log);
    written?.write(Buffer.from(`$ vagrant ${args.join(' ')}\n`));
    child.stdout.on('data', (chunk: Buffer) => {
      out.add(chunk);
      written?.write(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err.add(chunk);
      written?.write(chunk);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), boundMs);
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      const killed = `it did not end within ${Math.round(boundMs / 1000)} s, or was killed`;
      return { code, stdout: out.text, complaint: code === null ? killed : complaintOf(err.text) };
    } catch (error) {
      return { code: null, stdout: '', complaint: (error as Error).message };
    } finally {
      clearTimeout(timer);
      this.#running.delete(child);
      release();
      written?.end();
    }
  }

  /** Kills what runs now. */
  cut(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

/** The first paragraph of what Vagrant writes to its standard error, on one line: there it explains itself at length. */
export function complaintOf(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^==> \S+ /, '').trim());
  const first = lines.findIndex((line) => line !== '' && !line.startsWith('WARNING') && !/: warning: /.test(line));
  if (first < 0) return '';
  const rest = lines.slice(first);
  const end = rest.indexOf('');
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .join(' ')
    .replace(/\.$/, '');
}

/** It is for people; a disk that takes nothing is noticed where results are written. */
function openLog(file: string): BoundedLog | undefined {
  try {
    return new BoundedLog(file, 'a');
  } catch {
    return undefined;
  }
}

class Kept {
  text = '';

  add(chunk: Buffer): void {
    this.text = (this.text + chunk.toString('utf8')).slice(-keptBytes);
  }
}
