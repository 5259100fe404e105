// SPDX-License-Identifier: MIT
import { agentExpectation, byAgents, byHelpers, rfcExpectation, usual } from './common.ts';
import type { RouteExpectation, Scenario } from './types.ts';

const { 'right-answerer': _answerer, 'answered-in-own-namespaces': _place, ...served } = agentExpectation;
/** Nobody may answer, so there is no answerer to judge. */
const refused: RouteExpectation['expect'] = { ...served, 'never-served': 'held' };

const noAgent = 'no agent is involved: the helper of the init namespaces answers, whose keyrings nobody here controls';

const noRegistrar =
  'an unprivileged user can register no agent there: that asks for CAP_SYS_ADMIN over the namespace (registration-rights)';

export const setuidAttack: Scenario = {
  ...usual,
  name: 'setuid-attack',
  question: 'Can an unprivileged user’s agent answer, and so deceive, a setuid-root program that the user starts?',
  partOf: 'bench',
  // The program inherits its caller's session keyring, and with it the caller's agent.
  containers: [{ name: 'subject', requesters: 1, agentUid: 1000, requesterUid: 1000, setuid: true, role: 'subject' }],
  workloadFaults: ['borrowed-setuid-root'],
  warmup: 0,
  windows: [{ ms: 3_000, maxRequests: 200, samples: false }],
  quickWindows: null,
  expectedErrors: ['ENOKEY'],
  routes: {
    ...byHelpers({ notApplicable: noAgent }),
    ...byAgents({ notApplicable: noRegistrar }),
    session: { fallback: 'refuse', expect: refused },
    // As posted: whoever's key is in the session keyring answers.
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, 'never-served': 'violated' } },
    null: { notApplicable: 'the floor answers everybody by design' },
  },
};
