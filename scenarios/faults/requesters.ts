// SPDX-License-Identifier: MIT
/** Faults of whoever asks. */
import type { Fault } from './types.ts';

export const requesterFaults: readonly Fault[] = [
  {
    name: 'kill-requester',
    rows: [5],
    what: 'requesters of a container are killed (SIGKILL) while they wait for an answer, and later others started',
    target: 'requester',
    by: 'window',
    needs: [],
    amount: { unit: 'requesters', least: 1, most: 64, usual: 1 },
    leastMs: 500,
    during: 'slow-answerer',
    shade: 'requesters killed, until others are there',
  },
  {
    name: 'storm-requesters',
    rows: [25],
    what: 'all requesters of a container, which rest at all other times, ask at once, each for a key of its own, round after round',
    target: 'requester',
    by: 'window',
    needs: ['idle-container'],
    shade: 'ask all at once',
  },
  {
    name: 'failing-allocation',
    rows: [27],
    what: 'an allocation that a requester’s thread makes in the kernel for its request fails, or a copy from it: the first, then the second, until none is left',
    target: 'requester',
    by: 'check',
    needs: ['failslab'],
    shade: 'out of memory',
  },
];
