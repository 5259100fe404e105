// SPDX-License-Identifier: MIT
/** The few file operations a run is read with; the counterpart of file-ops.ts. */
import { existsSync, readFileSync } from 'node:fs';

export interface ReadOps {
  /** Throws the file system's error, `code` ENOENT where there is no such file. */
  read(path: string): Buffer;
  exists(path: string): boolean;
}

export const realReadOps: ReadOps = { read: (path) => readFileSync(path), exists: existsSync };
