// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, withRefusal, withStock } from './common.ts';

export const agentBacklog: CheckScenario = {
  name: 'agent-backlog',
  question: 'When an agent is replaced, is each request that waits for it answered or refused, once?',
  partOf: 'all',
  checks: ['agent-backlog'],
  faults: ['agent-restarted'],
  // Far longer than the check waits: it must be the agent's end that ends its requests.
  timeoutMs: 30_000,
  routes: {
    ...byHelpers({ notApplicable: 'there are no agents: every request has a helper of its own' }),
    ...byAgents(withRefusal({ 'backlog-ends-with-agent': 'held', 'backlog-served-once': 'held' })),
    // As posted nobody tells the requesters of a dead agent; one that lives goes on with what it was told of.
    'session-rfc': withStock({ 'backlog-ends-with-agent': 'violated', 'backlog-served-once': 'held' }),
    null: noFloor,
  },
};
