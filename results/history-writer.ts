// SPDX-License-Identifier: MIT
/** Appends to a history. What stands there is never written again; only a line that was cut off while it was written is taken away. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KeystormError } from '../vm/failure.ts';
import { closeQuietly, type FileOps, realFileOps, syncFolder, writeFully } from './file-ops.ts';
import {
  encodeHistoryRecord,
  type HistoryBody,
  type HistoryRecord,
  historyFile,
  historyRecordSchema,
  historySchemaName,
} from './history.ts';
import { historyOf, readHistory, type StoredHistory } from './history-reader.ts';
import { isSystemError, storageError } from './storage-error.ts';

/** The history in `dir`, without a record if there is none yet. @throws KeystormError (2) if it cannot be read or added to. */
export function historyToAddTo(dir: string): StoredHistory {
  const path = join(dir, historyFile);
  const history = existsSync(path) ? readHistory(dir) : historyOf(dir, Buffer.alloc(0));
  if (!history.damaged) return history;
  throw new KeystormError(
    `${history.problem} It was not cut off but damaged, or another version wrote it: restore ${path} from a copy, or begin another history with --history.`,
  );
}

/**
 * Appends all of `bodies` or, if that fails, none; on disk when it returns. Nobody else may be at it, and `history` must be what historyToAddTo gave.
 * @throws KeystormError (3) when the disk does not take it.
 */
export function appendToHistory(
  history: StoredHistory,
  bodies: readonly HistoryBody[],
  now: Date,
  files: FileOps = realFileOps,
): HistoryRecord[] {
  const { dir, length, records } = history;
  const begun = records.length === 0;
  const all: HistoryBody[] = [...(begun ? [{ kind: 'history', schema: historySchemaName } as const] : []), ...bodies];
  const added = all.map((body, i) =>
    historyRecordSchema.parse({ v: 1, seq: records.length + i, at: now.toISOString(), ...body }),
  );
  const bytes = Buffer.from(added.map((record) => `${encodeHistoryRecord(record)}\n`).join(''), 'utf8');
  const path = join(dir, historyFile);
  let fd: number | null = null;
  try {
    files.mkdir(dir);
    fd = files.open(path, existsSync(path) ? 'a' : 'wx');
    try {
      // What is behind the last whole line was cut off while it was written.
      files.truncate(fd, length);
      writeFully(files, fd, bytes);
      files.sync(fd);
      syncFolder(files, dir);
    } catch (error) {
      files.truncate(fd, length);
      throw error;
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw storageError(`Cannot append to ${path}`, error, 'what was there stays readable');
  } finally {
    if (fd !== null) closeQuietly(files, fd);
  }
  return added;
}
