// SPDX-License-Identifier: MIT
/** Makes folders, and tells why one cannot be made. */
import { mkdir, stat } from 'node:fs/promises';
import * as path from 'node:path';

/**
 * Makes `dir` and what is missing above it. Rejects with the file system's error, its `code` and `path` set. Node's own
 * `mkdir(…, { recursive: true })` never returns where a folder cannot be made below one that exists, as in /proc.
 */
export async function makeFolder(dir: string): Promise<void> {
  const missing: string[] = [];
  for (let at = path.resolve(dir); !(await isFolder(at)); at = path.dirname(at)) missing.unshift(at);
  for (const folder of missing) await mkdir(folder).catch(unlessThere);
}

async function isFolder(dir: string): Promise<boolean> {
  try {
    if ((await stat(dir)).isDirectory()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${dir}'`), { code: 'ENOTDIR', path: dir });
}

/** Another harness may make the same folder at the same time. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
