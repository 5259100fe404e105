// SPDX-License-Identifier: MIT
/** The few file operations a run is written with; an interface, so that a test can have a full disk without filling one. */
import { closeSync, constants, fsyncSync, ftruncateSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { makeFolderSync } from '../vm/host/folder.ts';

export type OpenFlags = 'wx' | 'w' | 'a' | 'r';

export interface FileOps {
  mkdir(path: string): void;
  /** `wx`: create, EEXIST if it is there; `w`: create or empty; `a`: one that is there, to append to; `r`: a folder, to sync it. */
  open(path: string, flags: OpenFlags): number;
  /** May write less than asked; returns how many bytes it wrote. */
  write(fd: number, bytes: Buffer): number;
  truncate(fd: number, length: number): void;
  sync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
}

export const realFileOps: FileOps = {
  mkdir: makeFolderSync,
  // Appending makes no file: what is gone is not begun anew under its name.
  open: (path, flags) => openSync(path, flags === 'a' ? constants.O_WRONLY | constants.O_APPEND : flags, 0o644),
  write: (fd, bytes) => writeSync(fd, bytes),
  truncate: ftruncateSync,
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
  remove: unlinkSync,
};

/** Writes all of `bytes`, however many calls it takes. */
export function writeFully(files: FileOps, fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += files.write(fd, bytes.subarray(written));
}

/**
 * Puts a file in place whole or not at all, also over a power cut: temporary file, fsync, rename, fsync of the folder. What
 * stood there is replaced. If only the last of these fails, it is in place and might not survive a power cut.
 */
export function writeAtomically(files: FileOps, dir: string, name: string, text: string): void {
  const temporary = `${dir}/.${name}.tmp`;
  try {
    withFile(files, temporary, 'w', (fd) => {
      writeFully(files, fd, Buffer.from(text, 'utf8'));
      files.sync(fd);
    });
    files.rename(temporary, `${dir}/${name}`);
  } catch (error) {
    removeIfPossible(files, temporary);
    throw error;
  }
  syncFolder(files, dir);
}

/** Makes the removal or renaming of files in a folder safe. */
export function syncFolder(files: FileOps, dir: string): void {
  withFile(files, dir, 'r', (fd) => files.sync(fd));
}

function withFile(files: FileOps, path: string, flags: 'w' | 'r', use: (fd: number) => void): void {
  const fd = files.open(path, flags);
  try {
    use(fd);
  } finally {
    closeQuietly(files, fd);
  }
}

/** What was synced is safe, whatever closing says; what was not, nobody relies on. */
export function closeQuietly(files: FileOps, fd: number): void {
  try {
    files.close(fd);
  } catch {
    // See above.
  }
}

export function removeIfPossible(files: FileOps, path: string): void {
  try {
    files.remove(path);
  } catch {
    // It was not there, or the disk takes nothing any more; the error that led here is the one to tell of.
  }
}
