// SPDX-License-Identifier: MIT
/** The few file operations a run is written with; an interface, so that a test can have a full disk without filling one. */
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';

export interface FileOps {
  mkdir(path: string): void;
  /** `wx`: create, EEXIST if it is there; `w`: create or empty; `r`: a folder, to sync it. */
  open(path: string, flags: 'wx' | 'w' | 'r'): number;
  /** May write less than asked; returns how many bytes it wrote. */
  write(fd: number, bytes: Buffer): number;
  truncate(fd: number, length: number): void;
  sync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
}

export const realFileOps: FileOps = {
  mkdir: (path) => void mkdirSync(path, { recursive: true }),
  open: (path, flags) => openSync(path, flags, 0o644),
  write: (fd, bytes) => writeSync(fd, bytes),
  truncate: ftruncateSync,
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
};

/** Writes all of `bytes`, however many calls it takes. */
export function writeFully(files: FileOps, fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += files.write(fd, bytes.subarray(written));
}

/** Puts a file in place whole or not at all, also over a power cut: temporary file, fsync, rename, fsync of the folder. */
export function writeAtomically(files: FileOps, dir: string, name: string, text: string): void {
  const temporary = `${dir}/.${name}.tmp`;
  const fd = files.open(temporary, 'w');
  try {
    writeFully(files, fd, Buffer.from(text, 'utf8'));
    files.sync(fd);
  } finally {
    files.close(fd);
  }
  files.rename(temporary, `${dir}/${name}`);
  const folder = files.open(dir, 'r');
  try {
    files.sync(folder);
  } finally {
    files.close(folder);
  }
}
