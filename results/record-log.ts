// SPDX-License-Identifier: MIT
/** The lines of frames.ndjson, as far as they can be trusted. */
import { runFiles } from './manifest.ts';
import { decodeRecord, type RunRecord } from './records.ts';

export interface RecordLog {
  /** In order, as they were written; those before the first line that cannot be trusted. */
  readonly records: RunRecord[];
  /** Bytes of their lines: what is beyond is torn, damaged or foreign. */
  readonly length: number;
  /** Why it was not read to its end, a sentence; null if it was. */
  readonly problem: string | null;
}

/** Takes lines until the first that is torn, does not fit its checksum or schema, or is not the next one. Never throws. */
export function readLog(bytes: Buffer): RecordLog {
  const records: RunRecord[] = [];
  for (let start = 0; start < bytes.length; ) {
    const line = records.length + 1;
    const ended = (problem: string): RecordLog => ({ records, length: start, problem });
    const stop = bytes.indexOf(0x0a, start);
    if (stop < 0) return ended(`${runFiles.frames} ends in the middle of line ${line}; read up to there.`);
    const decoded = decodeRecord(bytes.subarray(start, stop));
    const reason = !decoded.ok
      ? decoded.reason
      : decoded.record.seq !== records.length
        ? `has number ${decoded.record.seq} where ${records.length} was due`
        : null;
    if (reason !== null) return ended(`Line ${line} of ${runFiles.frames} ${reason}; nothing from there on was used.`);
    if (decoded.ok) records.push(decoded.record);
    start = stop + 1;
  }
  return { records, length: bytes.length, problem: null };
}

/** Whether a whole record follows what cannot be trusted: then it was not cut off while it was written, but damaged. */
export function isDamagedWithin(bytes: Buffer, { length }: RecordLog): boolean {
  for (let start = length; start < bytes.length; ) {
    const stop = bytes.indexOf(0x0a, start);
    if (stop < 0) return false;
    if (decodeRecord(bytes.subarray(start, stop)).ok) return true;
    start = stop + 1;
  }
  return false;
}
