// SPDX-License-Identifier: MIT
/** What must not outlive this process, however it ends: told to the reaper (reaper.mjs), which is started with the first of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Thing =
  | { readonly kind: 'process'; readonly pid: number }
  /** Absolute paths. What is named need not be there yet: it is to be told before it is made. */
  | { readonly kind: 'folder' | 'file'; readonly path: string };

const program = fileURLToPath(new URL('reaper.mjs', import.meta.url));

let reaper: ChildProcess | undefined;
let last = 0;

/** The thing goes when this process does. Returns a function to call when it is gone, or is to stay. Never throws. */
export function entrust(thing: Thing): () => void {
  const words = thing.kind === 'process' ? processWords(thing.pid) : JSON.stringify(thing.path);
  if (words === undefined) return () => undefined;
  const id = ++last;
  tell(`+ ${id} ${thing.kind} ${words}\n`);
  return () => tell(`- ${id}\n`);
}

/** Undefined for one that is gone already. */
function processWords(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

/** A pipe takes a line at once, also before the reaper reads it: what was told is known, even if we are killed right after. */
function tell(line: string): void {
  reaper ??= start();
  reaper.stdin?.write(line);
}

function start(): ChildProcess {
  // In a session of its own: what a terminal sends us is not for it.
  const child = spawn(process.execPath, [program], {
    ...{ detached: true, cwd: '/', env: {} },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without it things are as safe as they were before there was one.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  (child.stdin as typeof child.stdin & { unref(): void }).unref();
  return child;
}
