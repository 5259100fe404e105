// SPDX-License-Identifier: MIT
import { borneByAll } from './common.ts';
import type { Scenario } from './types.ts';

export const clockStep: Scenario = {
  ...borneByAll({ name: 'step-clock', amount: 3_600 }),
  name: 'clock-step',
  question: 'When the time of day leaps an hour ahead and back, does any request time out, or get lost?',
};
