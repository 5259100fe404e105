// SPDX-License-Identifier: MIT
/**
 * The reaper: a process beside the harness that ends what must not outlive it, however it ends. It reads from a pipe what there is, a
 * line each, and acts when the pipe ends, since no way of dying leaves that open:
 *
 *   + ID process PID START   (START: field 22 of /proc/PID/stat, by which another process of the same pid is told apart)
 *   + ID folder PATH         (PATH as JSON)
 *   + ID file PATH
 *   - ID                     (it is gone, or is to stay)
 *
 * Plain JavaScript, and alone: it must start at once, and work when the checkout it came from is gone.
 */
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** How often it looks whether what it killed is gone, and for how long. */
const lookMs = 20;
const killBoundMs = 4_000;

const things = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const [, sign, id, kind, rest] = /^([+-]) (\d+)(?: (\w+) (.*))?$/.exec(line) ?? [];
  if (sign === '+') things.set(id, { kind, rest });
  else if (sign === '-') things.delete(id);
}

const processes = [...things.values()].filter(({ kind }) => kind === 'process').map(({ rest }) => rest.split(' '));
for (const [pid, start] of processes) if (startOf(pid) === start) end(Number(pid));
// Who is still there might write into what is removed next.
for (const until = Date.now() + killBoundMs; Date.now() < until; ) {
  if (!processes.some(([pid, start]) => startOf(pid) === start)) break;
  await new Promise((resolve) => setTimeout(resolve, lookMs));
}
for (const { kind, rest } of things.values()) if (kind === 'folder' || kind === 'file') remove(JSON.parse(rest));

/** Undefined for a process that is gone, or a zombie. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself, or is another user's by now.
  }
}

function remove(path) {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // What cannot go stays; nobody is left to be told.
  }
}
