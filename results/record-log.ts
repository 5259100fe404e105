// SPDX-License-Identifier: MIT
/** The lines of frames.ndjson, as far as they can be trusted. */
import { runFiles } from './manifest.ts';
import { type DecodedRecord, decodeRecord, type RunRecord } from './records.ts';

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
  let start = 0;
  while (start < bytes.length) {
    const stop = bytes.indexOf(0x0a, start);
    const decoded = stop < 0 ? null : decodeRecord(bytes.subarray(start, stop));
    if (!decoded?.ok || decoded.record.seq !== records.length)
      return { records, length: start, problem: problemOf(decoded, records.length) };
    records.push(decoded.record);
    start = stop + 1;
  }
  return { records, length: start, problem: null };
}

/** What is wrong with the line that was to be record `due`; null: it has no end. */
function problemOf(decoded: DecodedRecord | null, due: number): string {
  const line = due + 1;
  if (decoded === null) return `${runFiles.frames} ends in the middle of line ${line}; read up to there.`;
  const reason = decoded.ok ? `has number ${decoded.record.seq} where ${due} was due` : decoded.reason;
  return `Line ${line} of ${runFiles.frames} ${reason}; nothing from there on was used.`;
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
