// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withStock } from './common.ts';

/** By whoever depends on the helper: with agents, those whom none serves, under the fallback that leads there. */
const told = {
  'missing-helper-is-told': 'held',
  'missing-helper-leaves-negative': 'held',
  'no-rule-is-told': 'held',
  'no-rule-leaves-negative': 'held',
} as const;

export const helperMissing: CheckScenario = {
  name: 'helper-missing',
  question: 'Is a request that needs the host’s helper told at once when there is none, or none for its key?',
  partOf: 'all',
  checks: ['helper-missing'],
  faults: ['helper-missing', 'helper-without-rule'],
  timeoutMs,
  routes: {
    ...byHelpers(withStock(told)),
    ...byAgents(withStock({ ...told, 'agent-needs-no-helper': 'held' })),
    'session-rfc': withStock({ ...told, 'agent-needs-no-helper': 'held' }),
    null: noFloor,
  },
};
