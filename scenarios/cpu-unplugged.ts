// SPDX-License-Identifier: MIT
import { borneByAll } from './common.ts';
import type { Scenario } from './types.ts';

export const cpuUnplugged: Scenario = {
  ...borneByAll({ name: 'offline-cpu' }),
  name: 'cpu-unplugged',
  question: 'When one of two processors is taken away and given back, does any request time out, or get lost?',
};
