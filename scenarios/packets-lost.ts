// SPDX-License-Identifier: MIT
import { borneByAgents } from './common.ts';
import type { Scenario } from './types.ts';

// One fetch in eight loses all three of its datagrams.
const faults = [{ name: 'lose-packets', container: 'victim', atMs: 300, untilMs: 1_800, amount: 50 }];

export const packetsLost: Scenario = {
  ...borneByAgents(faults, 'a helper has no server to ask'),
  name: 'packets-lost',
  question:
    'When packets to the server that an agent asks are lost, does it bound the wait, and does anybody else wait?',
  // What the agent says when it gives up: its own deadline comes long before the module's.
  expectedErrors: ['ETIMEDOUT'],
};
