// SPDX-License-Identifier: MIT
/**
 * Whether what is fetched the first time can be reached. Asked through apt and npm themselves, so that a proxy or a mirror
 * that only they know of counts; each within a bound.
 */
import path from 'node:path';
import { attempt, type CommandResult } from '../../../vm/host/command.ts';
import { withTemporaryFolder } from '../../../vm/host/temporary.ts';

export interface Mirror {
  readonly name: 'Debian' | 'npm';
  readonly reached: boolean;
  /** What was reached, or why it was not. */
  readonly detail: string;
}

const boundMs = 10_000;
const attemptSeconds = 5;
const aptHelper = '/usr/lib/apt/apt-helper';

export async function reachMirrors(): Promise<Mirror[]> {
  return await Promise.all([debian(), npm()]);
}

async function debian(): Promise<Mirror> {
  const name = 'Debian';
  const format = '$(REPO_URI)dists/$(RELEASE)/InRelease';
  const targets = await quietly('apt-get', ['indextargets', '--format', format]);
  const [uri] = targets?.stdout.split('\n').filter((line) => line.includes('://')) ?? [];
  if (uri === undefined) return { name, reached: false, detail: 'apt has no sources (see /etc/apt/sources.list.d)' };
  return await withTemporaryFolder('mirror', async (dir) => {
    const settings = ['-o', 'Acquire::Retries=0', '-o', `Acquire::http::Timeout=${attemptSeconds}`];
    const file = path.join(dir, 'InRelease');
    const result = await quietly(aptHelper, [...settings, 'download-file', uri, file]);
    if (result?.code === 0) return { name, reached: true, detail: siteOf(uri) };
    return { name, reached: false, detail: `${siteOf(uri)}: ${reasonOf(result, /^[EW]: (.*)$/m)}` };
  });
}

async function npm(): Promise<Mirror> {
  const settings = ['--fetch-retries=0', `--fetch-timeout=${attemptSeconds * 1000}`, '--loglevel=error'];
  const result = await quietly('npm', ['ping', ...settings]);
  if (result?.code === 0) return { name: 'npm', reached: true, detail: 'the registry answers' };
  return { name: 'npm', reached: false, detail: reasonOf(result, /^npm (?:error|ERR!) (?!code|errno|syscall)(.*)$/m) };
}

/** Null when it cannot be started. */
function quietly(program: string, args: readonly string[]): Promise<CommandResult | null> {
  return attempt(program, args, { timeoutMs: boundMs }).catch(() => null);
}

function reasonOf(result: CommandResult | null, pattern: RegExp): string {
  if (result === null) return 'its program is not installed';
  if (result.code === null) return `no answer within ${boundMs / 1000} s`;
  const text = `${result.stderr}\n${result.stdout}`;
  return pattern.exec(text)?.[1]?.trim() ?? `status ${result.code}`;
}

function siteOf(uri: string): string {
  return /^\w+:\/\/(?:[^@/]*@)?([^/]+)/.exec(uri)?.[1] ?? uri;
}
