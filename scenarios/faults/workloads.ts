// SPDX-License-Identifier: MIT
/** Faults that are nothing but what requesters do: their hits are the requests of the scenario. */
import type { Fault } from './types.ts';

export const workloadFaults: readonly Fault[] = [
  {
    name: 'storm-for-one-key',
    rows: [24],
    what: 'all requesters of a container ask for the same key at once, round after round',
    target: 'requester',
    by: 'workload',
    needs: [],
    shade: 'ask all at once',
  },
  {
    name: 'storm-of-distinct-keys',
    rows: [25],
    what: 'all requesters of a container ask at once, each for a key of its own, round after round',
    target: 'requester',
    by: 'workload',
    needs: [],
    shade: 'ask all at once',
  },
  {
    name: 'borrowed-setuid-root',
    rows: [41],
    what: 'a setuid-root program asks, started under the session keyring of an attacker, whose agent is linked there',
    target: 'requester',
    by: 'workload',
    needs: [],
    shade: 'asks with privileges',
  },
];
