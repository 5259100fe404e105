// SPDX-License-Identifier: MIT
import { borneByAll } from './common.ts';
import type { Scenario } from './types.ts';

export const diskFull: Scenario = {
  ...borneByAll({ name: 'fill-disk' }),
  name: 'disk-full',
  question: 'When no file can be written any more, does an upcall need one?',
};
