// SPDX-License-Identifier: MIT
import { borneByAll } from './common.ts';
import type { Scenario } from './types.ts';

export const pidsExhausted: Scenario = {
  ...borneByAll({ name: 'exhaust-pids', container: 'victim' }),
  name: 'pids-exhausted',
  question: 'When a container may start no more processes, do its upcalls need one?',
};
