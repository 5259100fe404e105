// SPDX-License-Identifier: MIT
/** Whether what a user names can be written at all: asked before any work, so that a slip costs nothing. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDiskTrouble } from '../../../results/storage-error.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { entrust } from '../../../vm/host/reaper/entrust.ts';

/**
 * The folder `dir` can be written, or made. Permissions do not tell, least of all in /proc: a folder is made there and removed.
 * @throws KeystormError: 3 for a disk that is full or broken, else 2.
 */
export function demandFolder(dir: string, remedy: string): void {
  orExplain(`Nothing can be written into ${dir}`, remedy, () => tryFolder(existingAbove(dir)));
}

/** The file can be written: it is there already, or its folder is. @throws KeystormError likewise. */
export function demandFile(file: string, remedy: string): void {
  orExplain(`${file} cannot be written`, remedy, () => {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there === undefined) return tryFolder(path.dirname(file));
    if (there.isDirectory()) throw new Error('it is a folder');
    accessSync(file, constants.W_OK);
  });
}

function existingAbove(dir: string): string {
  let at = path.resolve(dir);
  while (statSync(at, { throwIfNoEntry: false }) === undefined) at = path.dirname(at);
  return at;
}

function tryFolder(dir: string): void {
  const tried = path.join(dir, `.keystorm-${process.pid}-${randomBytes(6).toString('hex')}`);
  const gone = entrust({ kind: 'folder', path: tried });
  mkdirSync(tried);
  rmdirSync(tried);
  gone();
}

function orExplain(what: string, remedy: string, attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/, \w+ '.*$/, '') : String(error);
    throw new KeystormError(`${what} (${why}); ${remedy}.`, isDiskTrouble(error) ? 3 : 2, { cause: error });
  }
}
