// SPDX-License-Identifier: MIT
/** Faults of quotas: whoever asks, or answers, may have no more keys. */
import type { Fault } from './types.ts';

export const quotaFaults: readonly Fault[] = [
  {
    name: 'full-requester-quota',
    rows: [13],
    what: 'a container has twice as many keys, or bytes of them, as it may have, until the limit is lifted',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'full, until the limit is lifted',
  },
  {
    name: 'full-agent-quota',
    rows: [14],
    what: 'the user that an agent belongs to has twice as many bytes of keys as it may have, until the limit is lifted',
    target: 'agent',
    by: 'check',
    needs: ['agents'],
    shade: 'full, until the limit is lifted',
  },
  {
    name: 'negative-key-churn',
    rows: [26],
    what: 'hundreds of requests are rejected for a second each, until all their keys are collected',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'rejecting, until all is collected',
  },
  {
    name: 'shared-uid-range',
    rows: [32],
    what: 'two containers are given the same range of ids, one of which has more keys than it may have, until that one ends',
    target: 'container',
    by: 'check',
    needs: [],
    shade: 'two with one range, until one ends',
  },
];
