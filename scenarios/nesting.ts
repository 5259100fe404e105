// SPDX-License-Identifier: MIT
import { byAgents, byHelpers, usual, usualRoutes } from './common.ts';
import type { RouteExpectation, Scenario } from './types.ts';

// Two windows of 500: enough for a p99 at each depth.
const window = { ms: 5_000, maxRequests: 500, samples: false };

// The agent is in the container, at whatever depth below it the requester is: by design the answer comes from an ancestor. That
// it is the nearest one that has an agent, and never a sibling, is what the check nearest-ancestor tries.
const { 'answered-in-own-namespaces': _fromAbove, ...expected } = usualRoutes.session.expect;
const fromAbove: RouteExpectation = { fallback: 'refuse', expect: expected };

const indifferent = 'whom it executes does not depend on how deep the requester is';

export const nesting: Scenario = {
  ...usual,
  name: 'nesting',
  question: 'When requesters run many user namespaces below their agent’s, what does each level cost?',
  partOf: 'all',
  containers: [{ name: 'subject', requesters: 1, agentUid: 0, requesterUid: 0, setuid: false, role: 'subject' }],
  depths: [0, 1, 8, 32],
  warmup: 20,
  windows: [window, window],
  quickWindows: [{ ...window, maxRequests: 200 }],
  routes: {
    ...byHelpers({ notApplicable: indifferent }),
    ...byAgents(fromAbove),
    intercept: {
      notApplicable: 'the filter names the container’s user namespace, and a requester below is in another',
    },
    'session-rfc': {
      notApplicable: 'it finds keys, not namespaces; keyagent-fd stands for the routes that do not climb',
    },
    null: { notApplicable: 'the floor looks at no namespace' },
  },
};
