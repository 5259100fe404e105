// SPDX-License-Identifier: MIT
/** Temporary folders that do not pile up: gone after their use or with whoever used them, and where both failed after a day. */
import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { entrust } from './reaper/entrust.ts';

const prefix = 'keystorm-';
/** No use of a temporary folder takes as long. */
const abandonedAfterMs = 24 * 3_600_000;

/** Calls `work` with an empty folder of its own, which is removed afterwards. `what` is part of its name. */
export async function withTemporaryFolder<T>(what: string, work: (dir: string) => Promise<T>): Promise<T> {
  await sweep(tmpdir(), Date.now());
  return await withFolder(path.join(tmpdir(), `${prefix}${what}-`), work);
}

/**
 * Calls `work` with an empty folder whose name begins with the path `start`, which is removed afterwards, also when we are killed. Rejects
 * with the file system's error when it cannot be made.
 */
export async function withFolder<T>(start: string, work: (dir: string) => Promise<T>): Promise<T> {
  const dir = `${start}${process.pid}-${randomBytes(6).toString('hex')}`;
  const gone = entrust({ kind: 'folder', path: path.resolve(dir) });
  try {
    await mkdir(dir, { mode: 0o700 });
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
    gone();
  }
}

/** Removes this user's old folders of ours from `parent`; what cannot go stays. */
export async function sweep(parent: string, now: number): Promise<void> {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const dir = path.join(parent, name);
    const status = lstatSync(dir, { throwIfNoEntry: false });
    if (status === undefined || !status.isDirectory() || status.uid !== process.getuid?.()) continue;
    if (now - status.mtimeMs > abandonedAfterMs) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
  }
}
