// SPDX-License-Identifier: MIT
import { borneByAgents } from './common.ts';
import type { Scenario } from './types.ts';

const faults = [{ name: 'reject-answerer', container: 'victim', atMs: 500, untilMs: 1_500, amount: 129 }];

export const agentRejects: Scenario = {
  ...borneByAgents(faults, 'there is no agent that could do it'),
  name: 'agent-rejects',
  question:
    'When an agent rejects what it is asked, do its requesters get exactly its errno, and an answer as soon as it gives one?',
  expectedErrors: ['EKEYREJECTED'],
};
