// SPDX-License-Identifier: MIT
/** Reads a history up to the last record that can be trusted, and says what is wrong behind it. */
import { join } from 'node:path';
import { KeystormError } from '../vm/failure.ts';
import { programCommand } from '../vm/host/program.ts';
import { decodeHistoryRecord, type HistoryRecord, type HistoryRecordOf, historyFile } from './history.ts';
import { type ReadOps, realReadOps } from './read-ops.ts';

export interface StoredHistory {
  readonly dir: string;
  /** In order. */
  readonly records: readonly HistoryRecord[];
  /** Bytes of their lines. */
  readonly length: number;
  /** Why it was not read to its end, a sentence; null if it was. */
  readonly problem: string | null;
  /** What cannot be trusted is no line that was cut off while it was written: whole lines follow, or it is one of another version. */
  readonly damaged: boolean;
}

/** @throws KeystormError (2) if there is no history in `dir`, or none of this version, or it cannot be read. */
export function readHistory(dir: string, files: ReadOps = realReadOps): StoredHistory {
  const path = join(dir, historyFile);
  let bytes: Buffer;
  try {
    bytes = files.read(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new KeystormError(
        `There is no history in ${dir}; \`${programCommand()} history add RUN\` begins one, --history names another.`,
      );
    throw new KeystormError(`Cannot read ${path} (${message}); check its permissions.`, 2, { cause: error });
  }
  const history = historyOf(dir, bytes);
  if (history.records.length === 0 && history.damaged)
    throw new KeystormError(
      `${history.problem} Use the version of keystorm that wrote ${path}, or name another history.`,
    );
  return history;
}

/** Takes lines until the first that is torn, does not fit its checksum or schema, or does not belong there. Never throws. */
export function historyOf(dir: string, bytes: Buffer): StoredHistory {
  const records: HistoryRecord[] = [];
  let series = 0;
  for (let start = 0; start < bytes.length; ) {
    const stop = bytes.indexOf(0x0a, start);
    const line = records.length + 1;
    const ended = (problem: string, foreign: boolean): StoredHistory => ({
      dir,
      records,
      length: start,
      problem,
      damaged: foreign || (stop >= 0 && hasWholeLine(bytes.subarray(stop + 1))),
    });
    if (stop < 0) return ended(`${historyFile} ends in the middle of line ${line}; read up to there.`, false);
    const decoded = decodeHistoryRecord(bytes.subarray(start, stop));
    const reason = decoded.ok ? misplaced(decoded.record, records.length, series) : decoded.reason;
    if (reason !== null)
      return ended(
        `Line ${line} of ${historyFile} ${reason}; nothing from there on was used.`,
        decoded.ok || decoded.foreign,
      );
    if (decoded.ok) {
      records.push(decoded.record);
      if (decoded.record.kind === 'series') series++;
    }
    start = stop + 1;
  }
  return { dir, records, length: bytes.length, problem: null, damaged: false };
}

/** Why a record cannot stand where it does; null if it can. */
function misplaced(record: HistoryRecord, before: number, series: number): string | null {
  if (record.seq !== before) return `has number ${record.seq} where ${before} was due`;
  if ((record.kind === 'history') !== (before === 0))
    return 'is not the line with which a history begins, or begins it again';
  if (record.kind === 'series' && record.series !== series) return `is series ${record.series} where ${series} was due`;
  const unknown = record.kind === 'run' ? record.points.find((point) => point.series >= series) : undefined;
  return unknown === undefined ? null : `speaks of series ${unknown.series}, of which nothing is known`;
}

function hasWholeLine(bytes: Buffer): boolean {
  for (let start = 0; start < bytes.length; ) {
    const stop = bytes.indexOf(0x0a, start);
    if (stop < 0) return false;
    if (decodeHistoryRecord(bytes.subarray(start, stop)).ok) return true;
    start = stop + 1;
  }
  return false;
}

export function ofHistoryKind<K extends HistoryRecord['kind']>(
  { records }: StoredHistory,
  kind: K,
): HistoryRecordOf<K>[] {
  return records.filter((record): record is HistoryRecordOf<K> => record.kind === kind);
}
