// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

export const keyTypes: CheckScenario = {
  name: 'key-types',
  question:
    'Do requests for keys of every type come to the agent of that type, whichever part of the kernel made it and when?',
  partOf: 'all',
  checks: ['key-types'],
  timeoutMs,
  routes: {
    ...byHelpers({ notApplicable: 'no agent is involved' }),
    ...byAgents(withRefusal({ 'all-key-types-intercepted': 'held', 'key-types-listed': 'held' })),
    // As posted: keys of type user.
    'session-rfc': withStock({ 'all-key-types-intercepted': 'violated' }),
    null: noFloor,
  },
};
