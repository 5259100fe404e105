// SPDX-License-Identifier: MIT
/** What of a boot truly reached the harness, by the guest's diary: what is recorded is compared with this. */
import { isDeepStrictEqual } from 'node:util';
import { looksLikeFrame } from '../../../results/frames.ts';
import type { RecordOf, RunRecord } from '../../../results/records.ts';
import type { Delivered, Diary } from '../../../vm/fake/diary.ts';
import { maxStrayLength } from '../../run/bounds.ts';

type LineRecord = RecordOf<'frame'> | RecordOf<'bad-frame'> | RecordOf<'stray'>;

/** The records that stand for lines of the boot's runner. */
export function linesOf(records: readonly RunRecord[], boot: number): LineRecord[] {
  return records.filter(
    (record): record is LineRecord =>
      record.boot === boot && (record.kind === 'frame' || record.kind === 'bad-frame' || record.kind === 'stray'),
  );
}

/** All that arrived up to the runner's last word: nobody listens after that. */
export function audible({ delivered }: Diary): readonly Delivered[] {
  const last = delivered.findIndex(({ frame, intact }) => intact && (frame?.t === 'done' || frame?.t === 'error'));
  return last < 0 ? delivered : delivered.slice(0, last + 1);
}

/** True if the record is what the line must become. */
export function isRecordOf(record: LineRecord, { text, frame, intact }: Delivered): boolean {
  if (frame === null || !looksLikeFrame(text)) return record.kind === 'stray' && record.text === kept(text);
  if (!intact) return record.kind === 'bad-frame' && record.text === kept(text);
  if (record.kind !== 'frame') return false;
  const written = text.slice(text.indexOf('{'));
  // Mostly even its properties come in the same order.
  return JSON.stringify(record.frame) === written || isDeepStrictEqual(record.frame, JSON.parse(written));
}

/** What is kept of a line that is no frame. */
function kept(line: string): string {
  return line.length > maxStrayLength ? `${line.slice(0, maxStrayLength)}…` : line;
}

/** True if these lines betray that something was lost, garbled or repeated on the way. */
export function showsDamage(lines: readonly Delivered[]): boolean {
  let due = 0;
  for (const { text, frame, intact } of lines) {
    if (frame === null) continue;
    // A line that does not even look like a frame any more is missed when the next one comes.
    if (!intact && looksLikeFrame(text)) return true;
    if (!intact) continue;
    if (frame.n !== due) return true;
    due++;
  }
  return false;
}

/** Likewise of records, boot by boot, by the numbers that the frames have. */
export function showsDamageIn(records: readonly RunRecord[]): boolean {
  const due = new Map<number, number>();
  return records.some((record) => {
    if (record.kind === 'bad-frame') return true;
    if (record.kind !== 'frame') return false;
    const expected = due.get(record.boot) ?? 0;
    due.set(record.boot, expected + 1);
    return record.frame.n !== expected;
  });
}
