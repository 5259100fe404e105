// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

/** What the kernel asks in a container's task, with that task's credentials or with others, as dns_resolver and SMB do. */
export const borrowedCredentials: CheckScenario = {
  name: 'borrowed-credentials',
  question: 'Whose request is it when a part of the kernel asks in a container’s task with credentials of its own?',
  partOf: 'all',
  checks: ['borrowed-credentials'],
  timeoutMs,
  routes: {
    ...byHelpers({ notApplicable: 'no agent is looked for, whoever the requester is' }),
    // An agent that is found and passed over, because the answer is not the container's to give, was found as well.
    ...byAgents(
      withRefusal({
        'in-kernel-request-routed': 'held',
        'real-requester-routed': 'held',
        'borrowed-credentials-guarded': 'held',
      }),
    ),
    // As posted it looks into the keyring of the credentials that are borrowed, and does not find the container's agent.
    'session-rfc': withStock({
      'in-kernel-request-routed': 'held',
      'real-requester-routed': 'violated',
      'borrowed-credentials-guarded': 'held',
    }),
    null: noFloor,
  },
};
