// SPDX-License-Identifier: MIT
/** What a file system says when a run, or what is made of it, cannot be written: told in one sentence with the remedy. */
import { KeystormError } from '../vm/failure.ts';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space or give --out a folder elsewhere',
  EDQUOT: 'the disk quota is used up; free some space or give --out a folder elsewhere',
  EACCES: 'permission denied; give --out a folder you may write to',
  EPERM: 'permission denied; give --out a folder you may write to',
  EROFS: 'the file system is read-only; give --out a folder elsewhere',
  EIO: 'the disk reports an input/output error; give --out a folder on another one',
  ENOTDIR: 'a file is where a folder is needed; give --out another folder',
  EEXIST: 'a run is being written there already; give --out another folder',
};

/** The disk as a whole is in trouble, not the place that was chosen on it. */
const ofTheDisk = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'];

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}

/** True for a disk that is full, broken or read-only, wherever on it something was to be written. */
export function isDiskTrouble(error: unknown): error is NodeJS.ErrnoException {
  return isSystemError(error) && ofTheDisk.includes(error.code as string);
}

/** True for such a disk, and for whatever else keeps files from being written in `dir`; a program that cannot be started is neither. */
export function isTroubleIn(error: unknown, dir: string): error is NodeJS.ErrnoException {
  if (!isSystemError(error) || !((error.code as string) in remedies)) return false;
  return error.path === undefined ? isDiskTrouble(error) : error.path.startsWith(dir);
}

/** `what` could not be done; `state` says what is there nevertheless. Exit code 3. */
export function storageError(what: string, error: NodeJS.ErrnoException, state: string): KeystormError {
  const remedy = remedies[error.code as string] ?? error.message;
  return new KeystormError(`${what}: ${remedy} (${state}).`, 3, { cause: error });
}
