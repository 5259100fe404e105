// SPDX-License-Identifier: MIT
/** Faults of what is told to agents. */
import type { Fault } from './types.ts';

export const notificationFaults: readonly Fault[] = [
  {
    name: 'forged-notification',
    rows: [17],
    what: 'signals that look like notifications are sent to an agent, until it has taken them all',
    target: 'agent',
    by: 'check',
    needs: ['agents'],
    shade: 'forged, until they are taken',
  },
];
