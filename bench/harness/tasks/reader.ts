// SPDX-License-Identifier: MIT
import { readRun } from '../../../results/run-reader.ts';
import type { HarnessTask } from '../task.ts';
import type { HarnessData } from './data.ts';

/** A run folder to a run: from files to checked records. */
export function readerTasks({ run }: HarnessData): HarnessTask[] {
  return [
    {
      group: 'reader',
      name: 'read the run from its folder',
      per: { count: run.records.length, unit: 'record' },
      operation: () => readRun(run.dir),
    },
  ];
}
