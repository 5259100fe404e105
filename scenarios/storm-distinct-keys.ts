// SPDX-License-Identifier: MIT
import { stormOneKey } from './storm-one-key.ts';
import type { Scenario } from './types.ts';

/** The storm of `storm-one-key`, in which nobody profits from another's upcall: the difference is what sharing a key saves. */
export const stormDistinctKeys: Scenario = {
  ...stormOneKey,
  name: 'storm-distinct-keys',
  question: 'When 16 processes miss a key of their own each at once, how long until the last is served?',
  workloadFaults: ['storm-of-distinct-keys'],
  // Today's helper ends six or seven rounds in the 5 s of a window, all six together about 40: a p50 of rounds, no more.
  requests: { kind: 'storm-distinct', hitPercent: 0 },
};
