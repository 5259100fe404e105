// SPDX-License-Identifier: MIT
import { borneByAgents } from './common.ts';
import type { Scenario } from './types.ts';

const faults = [
  { name: 'garble-answerer', container: 'victim', atMs: 300, untilMs: 900 },
  { name: 'misnumber-answerer', container: 'victim', atMs: 1_200, untilMs: 1_800 },
];

export const agentGarbles: Scenario = {
  ...borneByAgents(faults, 'there is no agent that could do it'),
  name: 'agent-garbles',
  question:
    'When an agent gives answers that are none, or for other requests, is anything taken for an answer, and is a request lost?',
};
