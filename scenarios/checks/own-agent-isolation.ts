// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

export const ownAgentIsolation: CheckScenario = {
  name: 'own-agent-isolation',
  question: 'Of two containers with an agent each, does either agent ever answer the other’s requests?',
  partOf: 'all',
  checks: ['own-agent-isolation'],
  faults: ['agent-of-another-container'],
  timeoutMs,
  routes: {
    ...byHelpers({ notApplicable: 'one helper answers every container' }),
    ...byAgents(withRefusal({ 'own-agent-answers-own': 'held', 'own-agent-never-serves-other': 'held' })),
    // Linking is all it takes, and anybody may link a stranger's key that it can see.
    'session-rfc': withStock({ 'own-agent-answers-own': 'held', 'own-agent-never-serves-other': 'violated' }),
    null: noFloor,
  },
};
