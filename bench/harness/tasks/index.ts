// SPDX-License-Identifier: MIT
import type { HarnessTask } from '../task.ts';
import { codecTasks } from './codec.ts';
import type { HarnessData } from './data.ts';
import { planTasks } from './plan.ts';
import { readerTasks } from './reader.ts';
import { reportTasks } from './report.ts';
import { statisticsTasks } from './statistics.ts';

/** Everything the harness does on the host, in the order in which a run does it. */
export function harnessTasks(data: HarnessData): HarnessTask[] {
  return [...planTasks(), ...codecTasks(data), ...readerTasks(data), ...statisticsTasks(data), ...reportTasks(data)];
}
