// SPDX-License-Identifier: MIT
/** Makes folders, and tells why one cannot be made. */
import { mkdirSync, statSync } from 'node:fs';
import * as path from 'node:path';

/**
 * Makes `dir` and what is missing above it. Throws the file system's error, its `code` and `path` set. Node's own
 * `mkdir(…, { recursive: true })` never returns where a folder cannot be made below one that exists, as in /proc.
 */
export function makeFolderSync(dir: string): void {
  const missing: string[] = [];
  for (let at = path.resolve(dir); !isFolder(at); at = path.dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      mkdirSync(folder);
    } catch (error) {
      // Another harness may make the same folder at the same time.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** The same, rejecting instead of throwing. */
export async function makeFolder(dir: string): Promise<void> {
  makeFolderSync(dir);
}

function isFolder(dir: string): boolean {
  // Unlike ENOENT, what else goes wrong on the way is thrown.
  const status = statSync(dir, { throwIfNoEntry: false });
  if (status === undefined) return false;
  if (status.isDirectory()) return true;
  throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${dir}'`), { code: 'ENOTDIR', path: dir });
}
