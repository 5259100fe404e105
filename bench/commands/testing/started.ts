// SPDX-License-Identifier: MIT
/** For tests: a program of this checkout as a process, on the fake machine. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves when standard error has said so; rejects when it has ended without. */
  says(pattern: RegExp): Promise<void>;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

/** Starts a program in the checkout. `script`: what goes wrong with the fake machine. */
export function startProgram([program = '', ...args]: readonly string[], script: string): Started {
  const { CI: _ci, INIT_CWD: _cwd, ...env } = process.env;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...env, KEYSTORM_FAKE: script },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  const looking = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
    for (const look of looking) look();
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(err)) return;
        looking.delete(look);
        resolve();
      };
      looking.add(look);
      look();
      void ended.then(() => reject(new Error(`it ended without saying ${pattern}: ${err}`)));
    });
  return { child, says, ended };
}
