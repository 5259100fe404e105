// SPDX-License-Identifier: MIT
/** Temporary folders that do not pile up: gone after their use, and after a day when whoever used them was killed. */
import { lstatSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const prefix = 'keystorm-';
/** No use of a temporary folder takes as long. */
const abandonedAfterMs = 24 * 3_600_000;

/** Calls `work` with an empty folder of its own, which is removed afterwards. `what` is part of its name. */
export async function withTemporaryFolder<T>(what: string, work: (dir: string) => Promise<T>): Promise<T> {
  await sweep(tmpdir(), Date.now());
  const dir = await mkdtemp(path.join(tmpdir(), `${prefix}${what}-`));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
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
