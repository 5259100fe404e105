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
];
