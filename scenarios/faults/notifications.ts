// SPDX-License-Identifier: MIT
/** Faults of what is told to agents. */
import type { Fault } from './types.ts';

export const notificationFaults: readonly Fault[] = [
  {
    name: 'full-signal-queue',
    rows: [15],
    what: 'an agent stands still until no more signals can be queued for it (RLIMIT_SIGPENDING), and then goes on',
    target: 'agent',
    by: 'check',
    needs: ['agents'],
    shade: 'full, until it drains',
  },
  {
    name: 'full-notification-queue',
    rows: [16],
    what: 'an agent stands still until its queue is full, and then goes on',
    target: 'agent',
    by: 'check',
    needs: ['agents'],
    shade: 'full, until it drains',
  },
  {
    name: 'forged-notification',
    rows: [17],
    what: 'signals that look like notifications are sent to an agent, until it has taken them all',
    target: 'agent',
    by: 'check',
    needs: ['agents'],
    shade: 'forged, until they are taken',
  },
  {
    name: 'forged-description',
    rows: [18],
    what: 'the text of a request claims that it is another’s, and the next one claims nothing',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'forged',
  },
  {
    name: 'unblocked-signal',
    rows: [35],
    what: 'an agent registers without having blocked its signal, until another does so',
    target: 'agent',
    by: 'check',
    needs: ['agents'],
    shade: 'unblocked, until another registers',
  },
];
