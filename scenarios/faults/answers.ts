// SPDX-License-Identifier: MIT
/** Faults of answers, and of having none. */
import type { Fault } from './types.ts';

export const answerFaults: readonly Fault[] = [
  {
    name: 'helper-missing',
    rows: [2],
    what: 'there is no /sbin/request-key, and later it is back',
    target: 'host',
    by: 'check',
    needs: [],
    shade: 'no helper, then put back',
  },
  {
    name: 'helper-without-rule',
    rows: [2],
    what: 'a key is asked for that no rule of the helper’s configuration is for, and later one that has a rule',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'no rule',
  },
  {
    name: 'reject-with-errno',
    rows: [6],
    what: 'whoever answers rejects requests with an errno for some seconds, and later answers them',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'rejected, until the time of the rejection is over',
  },
  {
    name: 'malformed-answer',
    rows: [7],
    what: 'whoever answers rejects with 0 and with 512, and answers with 2 MB, before it answers rightly',
    target: 'agent',
    by: 'check',
    needs: [],
    shade: 'malformed answers, then a right one',
  },
  {
    name: 'second-answer',
    rows: [8],
    what: 'whoever has answered a request answers it again, and so does a process that it had forked before',
    target: 'agent',
    by: 'check',
    needs: [],
    shade: 'answered again',
  },
  {
    name: 'stranger-answer',
    rows: [9],
    what: 'requests are answered by who has no authority over them, and a key that there is not by who has some',
    target: 'agent',
    by: 'check',
    needs: [],
    shade: 'answered by strangers, then by their own answerer',
  },
];
