// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, withStock } from './common.ts';

/** With the fallback that would let a request escape. */
export const agentCrashRefuses: CheckScenario = {
  name: 'agent-crash-refuses',
  question:
    'When an agent dies, are its requests refused rather than handed to somebody else, until it is withdrawn, and served when there is another?',
  partOf: 'all',
  checks: ['agent-crash-refuses'],
  faults: ['answerer-killed'],
  // Far longer than the check waits: it must be the agent's death that ends its request.
  timeoutMs: 30_000,
  routes: {
    // The key of a helper that ended without an answer is negative for a minute, whoever could make it meanwhile.
    ...byHelpers(withStock({ 'crash-ends-request': 'held', 'crashed-key-is-served': 'violated' })),
    ...byAgents(
      withStock({
        'dead-agent-never-escapes': 'held',
        'withdrawn-falls-back': 'held',
        'crash-ends-request': 'held',
        'crashed-key-is-served': 'held',
      }),
    ),
    // As posted: ENOKEY of a dead agent means the host's helper, and what it had taken nobody ends.
    'session-rfc': withStock({
      'dead-agent-never-escapes': 'violated',
      'crash-ends-request': 'violated',
      'crashed-key-is-served': 'violated',
    }),
    null: noFloor,
  },
};
