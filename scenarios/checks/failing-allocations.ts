// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, patientMs, withRefusal, withStock } from './common.ts';

const told = { 'want-of-memory-is-told': 'held', 'want-of-memory-leaves-no-key': 'held' } as const;
const toldByAgents = { ...told, 'want-of-memory-asks-no-helper': 'held' } as const;

export const failingAllocations: CheckScenario = {
  name: 'failing-allocations',
  question: 'When the kernel lacks memory for a request, is its requester told so, and is no key left half-made?',
  partOf: 'all',
  checks: ['failing-allocations'],
  faults: ['failing-allocation'],
  timeoutMs: patientMs,
  routes: {
    ...byHelpers(withStock(told)),
    ...byAgents(withRefusal(toldByAgents)),
    'session-rfc': withStock(toldByAgents),
    null: noFloor,
  },
};
