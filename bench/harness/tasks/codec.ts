// SPDX-License-Identifier: MIT
import { crc32Hex } from '../../../results/crc32.ts';
import { decodeFrameLine, encodeFrameLine, type Frame } from '../../../results/frames.ts';
import { decodeRecord, encodeRecord, type RunRecord } from '../../../results/records.ts';
import type { HarnessTask } from '../task.ts';
import type { HarnessData } from './data.ts';

/** Bytes of a guest to frames and back, and records to lines and back. */
export function codecTasks({ run, frames, lines }: HarnessData): HarnessTask[] {
  const text = frames.map(encodeFrameLine);
  const group = 'codec';
  const block = Buffer.alloc(65_536, 'keystorm');
  return [
    {
      group,
      name: 'encode the frames of the run',
      per: { count: frames.length, unit: 'frame' },
      operation: () => frames.map(encodeFrameLine),
    },
    {
      group,
      name: 'decode and check the frames of the run',
      per: { count: frames.length, unit: 'frame' },
      operation: () => text.map(demandFrame),
    },
    {
      group,
      name: 'encode the records of the run',
      per: { count: run.records.length, unit: 'record' },
      operation: () => run.records.map(encodeRecord),
    },
    {
      group,
      name: 'decode and check the records of the run',
      per: { count: lines.length, unit: 'record' },
      operation: () => lines.map(demandRecord),
    },
    { group, name: 'crc32 of 64 KiB', per: { count: block.length, unit: 'byte' }, operation: () => crc32Hex(block) },
  ];
}

/** Refusing one would be faster than reading it. */
function demandFrame(line: string): Frame {
  const decoded = decodeFrameLine(line);
  if (!decoded.ok) throw new Error(`a frame of the run was refused: ${decoded.reason}`);
  return decoded.frame;
}

function demandRecord(line: Buffer): RunRecord {
  const decoded = decodeRecord(line);
  if (!decoded.ok) throw new Error(`a record of the run was refused: ${decoded.reason}`);
  return decoded.record;
}
