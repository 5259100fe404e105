// SPDX-License-Identifier: MIT
/** Runs a program of this host to its end and returns what it printed; never through a shell. */
import { type ChildProcess, execFile } from 'node:child_process';
import { KeystormError } from '../failure.ts';
import { entrust } from './reaper/entrust.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Of our own environment it gets PATH only: what it makes must not depend on a user's CC, MAKEFLAGS and such. */
  readonly plainEnv?: boolean;
  /** Milliseconds after which the program is killed; default ten minutes. */
  readonly timeoutMs?: number;
  /** It goes on when the harness ends: cut short it would do more harm. */
  readonly outlivesUs?: boolean;
}

export interface CommandResult {
  /** Exit status; null when a signal (or the time limit) ended it or it could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

const defaultTimeoutMs = 600_000;
const maxOutputBytes = 256 * 1024 * 1024;

/** Runs `program` and reports its status, whatever it is. Rejects only when it cannot be found (KeystormError, exit 3). */
export function attempt(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        // Messages are parsed, so they must not depend on who runs it.
        env: { ...(options.plainEnv ? { PATH: process.env.PATH } : process.env), ...options.env, LC_ALL: 'C' },
        timeout: options.timeoutMs ?? defaultTimeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: maxOutputBytes,
      },
      (error, stdout, stderr) => {
        running.delete(child);
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else if ((error as NodeJS.ErrnoException).code === 'ENOENT')
          reject(
            new KeystormError(
              `The program ${program} was not found; npm run bench, as root and without --no-install, installs it.`,
              3,
            ),
          );
        else resolve({ code: null, stdout, stderr: `${stderr}${error.message}` });
      },
    );
    if (options.outlivesUs === true) return;
    running.add(child);
    if (child.pid !== undefined) child.once('exit', entrust({ kind: 'process', pid: child.pid }));
  });
}

/** Runs `program`; anything but status 0 is a KeystormError (exit 3) with the last lines it printed. */
export async function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await attempt(program, args, options);
  if (result.code === 0) return result.stdout;
  const said = `${result.stderr}\n${result.stdout}`.trim().split('\n').slice(0, 12).join('\n  ');
  throw new KeystormError(
    `${program} ${args.slice(0, 6).join(' ')} failed (status ${result.code ?? 'killed'}):\n  ${said}`,
    3,
  );
}
