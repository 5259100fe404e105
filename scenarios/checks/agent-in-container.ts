// SPDX-License-Identifier: MIT
import { byAgents } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const inside = { 'answered-from-container': 'held', 'answerer-is-the-containers-own': 'held' } as const;

export const agentInContainer: CheckScenario = {
  name: 'agent-in-container',
  question: 'Is a container answered from its own namespaces, by a process that its own init has started?',
  partOf: 'all',
  checks: ['agent-in-container'],
  timeoutMs,
  routes: {
    init: withStock({ 'answered-from-container': 'violated', 'answerer-is-the-containers-own': 'violated' }),
    // It comes into the container for the purpose: the kernel has executed it all the same.
    nsenter: withStock({ 'answered-from-container': 'held', 'answerer-is-the-containers-own': 'violated' }),
    ...byAgents(withRefusal(inside)),
    'session-rfc': withStock(inside),
    null: noFloor,
  },
};
