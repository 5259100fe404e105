// SPDX-License-Identifier: MIT
import { agentExpectation, byAgents, byHelpers, rfcExpectation, usual } from './common.ts';
import type { RateLadder, Scenario } from './types.ts';

// A second in five: a fifth of all requests meet it, so that p90 and p99 both lie among those that waited.
const stopped = { name: 'stop-answerer', container: 'victim', atMs: 1_000, untilMs: 2_000 };
const ms = { least: 5_000, most: 5_000 };

// At 50/s each start of that second finds a free requester, and the backlog is gone in an instant: what a request waits is what
// was left of the stop. At 2,000/s the backlog outlives the stop by far.
const ladder: RateLadder = {
  rates: [50, 400, 2_000],
  // Enough for a p99.
  starts: [1_000],
  withinMs: 60_000,
  shapes: [
    { ms, atLeast: 1, samples: false },
    { ms, atLeast: 1, samples: true, faults: [stopped] },
  ],
};

const asElsewhere =
  'how an agent is found is over before it stands still: keyagent-* tells deliveries apart, the others with fd-write routes';
const nobody = 'there is no agent that could be stopped';

export const agentStop: Scenario = {
  // Bounds and errors among it: a stopped agent is slow, not gone, so nothing times out and no request may fail for it.
  ...usual,
  name: 'agent-stop',
  question:
    'When an agent stands still for a second while requests keep coming, what does that cost, and when is it made good?',
  partOf: 'all',
  containers: [{ name: 'victim', requesters: 64, agentUid: 0, requesterUid: 0, setuid: false, role: 'victim' }],
  warmup: 1,
  windows: ladder,
  quickWindows: { ...ladder, rates: [50, 400], starts: [100] },
  routes: {
    ...byHelpers({ notApplicable: nobody }),
    ...byAgents({ fallback: 'refuse', expect: { ...agentExpectation, 'fault-took-effect': 'held' } } as const),
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, 'fault-took-effect': 'held' } },
    null: { notApplicable: nobody },
  },
  // A minute each in a full run.
  except: {
    'userns-signal': asElsewhere,
    'userns-fd-keyctl': asElsewhere,
    'intercept-signal': asElsewhere,
    'intercept-fd-keyctl': asElsewhere,
  },
};
