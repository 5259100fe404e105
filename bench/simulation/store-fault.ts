// SPDX-License-Identifier: MIT
/** A disk that fails at some of a run's file operations. */
import type { FileOps } from '../../results/file-ops.ts';
import { systemError } from '../../results/testing/memory-disk.ts';
import type { Random } from '../plan/random.ts';

export type FileOperation = keyof FileOps;
const operations = ['mkdir', 'open', 'write', 'truncate', 'sync', 'close', 'rename', 'remove'] as const;

export interface StoreFault {
  readonly code: 'ENOSPC' | 'EIO';
  /** Which operations count; null: all. */
  readonly of: FileOperation | null;
  /** The first of these that fails, from 0. */
  readonly nth: number;
  /** So many fail in a row, whatever they are. */
  readonly lasts: number;
}

export function drawStoreFault(random: Random): StoreFault {
  const of =
    random.below(3) === 0 ? null : (random.shuffle(operations.filter((each) => each !== 'truncate'))[0] ?? null);
  return {
    code: random.below(2) === 0 ? 'ENOSPC' : 'EIO',
    of,
    // Of most kinds a run has few.
    nth: random.below(of === null || of === 'write' ? 80 : of === 'sync' || of === 'close' ? 12 : 4),
    lasts: random.shuffle([1, 1, 2, 3, Number.POSITIVE_INFINITY])[0] ?? 1,
  };
}

export function storeFaultText({ code, of, nth, lasts }: StoreFault): string {
  const times = lasts === 1 ? 'once' : Number.isFinite(lasts) ? `${lasts} times` : 'from then on';
  return `${code} at ${of ?? 'operation'} ${nth}, ${times}`;
}

/** What a disk does in a campaign, beside what it is told. */
export interface WatchedFiles {
  readonly files: FileOps;
  /** The operations that were asked for, in order. */
  readonly operations: readonly FileOperation[];
  /** Those that failed, by their place in that list. */
  readonly failed: readonly number[];
}

/** `before` is called before each operation, with its number. `part`: how much of its bytes a write takes, given their number. */
export function watchedFiles(
  disk: FileOps,
  fault: StoreFault | null,
  before: (operation: number) => void,
  part: (bytes: number) => number = (bytes) => bytes,
): WatchedFiles {
  const asked: FileOperation[] = [];
  const failed: number[] = [];
  let counted = 0;
  let left = fault?.lasts ?? 0;
  const attempt = <T>(operation: FileOperation, place: string, action: () => T): T => {
    before(asked.length);
    asked.push(operation);
    const counts = fault !== null && (fault.of === null || fault.of === operation);
    const due = fault !== null && left > 0 && (failed.length > 0 || (counts && counted === fault.nth));
    if (counts) counted++;
    if (!due) return action();
    left--;
    failed.push(asked.length - 1);
    throw systemError(fault.code, operation, place);
  };
  const files: FileOps = {
    mkdir: (path) => attempt('mkdir', path, () => disk.mkdir(path)),
    open: (path, flags) => attempt('open', path, () => disk.open(path, flags)),
    write: (fd, bytes) => attempt('write', '', () => disk.write(fd, bytes.subarray(0, part(bytes.length)))),
    truncate: (fd, length) => attempt('truncate', '', () => disk.truncate(fd, length)),
    sync: (fd) => attempt('sync', '', () => disk.sync(fd)),
    // A descriptor is let go of whatever close says.
    close: (fd) => {
      try {
        attempt('close', '', () => {});
      } finally {
        disk.close(fd);
      }
    },
    rename: (from, to) => attempt('rename', from, () => disk.rename(from, to)),
    remove: (path) => attempt('remove', path, () => disk.remove(path)),
  };
  return { files, operations: asked, failed };
}
