// SPDX-License-Identifier: MIT
import { borneByAgents } from './common.ts';
import type { Scenario } from './types.ts';

const faults = [{ name: 'repeat-answerer', container: 'victim', atMs: 500, untilMs: 1_500 }];

export const agentAnswersTwice: Scenario = {
  ...borneByAgents(faults, 'there is no agent that could do it'),
  name: 'agent-answers-twice',
  question: 'When an agent answers each request twice, does the first answer stand?',
};
