// SPDX-License-Identifier: MIT
import { borneByAgents } from './common.ts';
import type { Scenario } from './types.ts';

const faults = [{ name: 'starve-answerer', container: 'victim', atMs: 500, untilMs: 1_500, amount: 20 }];

export const agentStarved: Scenario = {
  ...borneByAgents(faults, 'there is no agent whose processor time could be taken'),
  name: 'agent-starved',
  question: 'When an agent gets a fiftieth of a processor, is each request of its container served in the end?',
};
