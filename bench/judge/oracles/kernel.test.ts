// SPDX-License-Identifier: MIT
/** What the kernel is left with: its keys, its log, and no module. */
import * as assert from 'uvu/assert';
import type { Unnumbered } from '../../../results/testing/frames.ts';
import { aFaultCell } from '../../../results/testing/plans.ts';
import type { Doctoring } from '../../../results/testing/runs.ts';
import { suite } from '../../testing/suite.ts';
import { recordsLost } from '../kernel-log.ts';
import { faulty, found, testCases } from './testing/cases.ts';
import { changing, dropping, panicked } from './testing/doctorings.ts';

const test = suite('oracles of the kernel');

const kernelLine = (level: number, text: string): Doctoring =>
  changing('kmsg', ({ cell, lines }) => (cell === null ? {} : { lines: [...lines, [level, 9, text]] }));

testCases(test, 'kernel', {
  'no-stuck-keys': {
    cell: faulty,
    fires: [[changing('keys', () => ({ under_construction: 1 })), /1 key left under construction/]],
    unknown: [
      [dropping('keys'), /keys were not reported/],
      [changing('keys', () => ({ under_construction: -1 })), /do not agree/],
      panicked,
    ],
    restsOnOneFrame: true,
  },
  'kernel-log-clean': {
    cell: faulty,
    fires: [
      [kernelLine(4, 'WARNING: CPU: 0 PID: 1 at kernel/x.c:3 f+0x1/0x2'), /WARN: "WARNING: CPU: 0 PID: 1 at/],
      [changing('kmsg', (f) => (f.cell === null ? { lines: [[1, 2, 'BUG: x']] } : {})), /logged outside any cell/],
    ],
    unknown: [
      [dropping('kmsg'), /kernel log was not reported to the end/],
      [kernelLine(4, recordsLost), /overwrote log records/],
      panicked,
    ],
  },
  'module-unloads': {
    cell: faulty,
    fires: [
      [
        changing('unload', () => ({ ok: false, errno: 'EBUSY', refcount_before: 1 })),
        /rmmod failed with EBUSY \(1 reference/,
      ],
    ],
    unknown: [[dropping('unload'), /unloading was not reported/], panicked],
    restsOnOneFrame: true,
  },
});

test('a kernel log that was reported after a window but not at the end of its cell, or of its boot, proves nothing', () => {
  const early: Doctoring = {
    frame: (frame) => {
      if (frame.t === 'beat') return { t: 'kmsg', cell: 'c0', lines: [] };
      return frame.t === 'kmsg' && frame.cell !== null ? null : frame;
    },
  };
  for (const doctoring of [
    early,
    { panicBefore: (frame: Unnumbered, boot: number) => boot === 1 && frame.t === 'unload' },
    { panicBefore: (frame: Unnumbered, boot: number) => boot === 1 && frame.t === 'done' },
  ]) {
    assert.is(found('kernel-log-clean', aFaultCell(), doctoring).property, 'unknown');
  }
});

test.run();
