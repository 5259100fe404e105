// SPDX-License-Identifier: MIT
import { usual, usualRoutes } from './common.ts';
import type { RouteExpectation, Scenario } from './types.ts';

// Windows with stamps and without take turns as neighbours, and which of them is first alternates (ABBA), so that a drift
// favours neither: their difference is what the stamps cost. Today's helper ends about 25 requests in a second, 300 in twelve
// windows with stamps.
const plain = { ms: 1_000, maxRequests: 500, samples: false } as const;
const stamped = { ...plain, stages: true } as const;
const twoPairs = [plain, stamped, stamped, plain];

/** Every answered request must have been taken apart, or what the parts say is not about the requests. */
function takenApart({ fallback, expect }: RouteExpectation): RouteExpectation {
  return { fallback, expect: { ...expect, 'stages-add-up': 'held' } };
}

export const stages: Scenario = {
  ...usual,
  name: 'stages',
  question: 'Where does the time of an upcall go, and what does it cost to find out?',
  partOf: 'all',
  containers: [{ name: 'subject', requesters: 1, agentUid: 0, requesterUid: 0, setuid: false, role: 'subject' }],
  warmup: 20,
  windows: Array.from({ length: 6 }, () => twoPairs).flat(),
  quickWindows: twoPairs,
  routes: {
    init: takenApart(usualRoutes.init),
    nsenter: takenApart(usualRoutes.nsenter),
    session: takenApart(usualRoutes.session),
    userns: takenApart(usualRoutes.userns),
    intercept: takenApart(usualRoutes.intercept),
    'session-rfc': takenApart(usualRoutes['session-rfc']),
    null: { notApplicable: 'the floor has one stage: the module answers as soon as it is asked' },
  },
};
