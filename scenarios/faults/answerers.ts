// SPDX-License-Identifier: MIT
/** Faults of whoever answers. */
import type { Fault } from './types.ts';

export const answererFaults: readonly Fault[] = [
  {
    name: 'kill-answerer',
    rows: [1],
    what: 'whoever answers a container is killed (SIGKILL), and later a new agent started',
    target: 'agent',
    by: 'window',
    needs: [],
    shade: 'killed, until a new one is ready',
  },
  {
    name: 'stop-answerer',
    rows: [4],
    what: 'the agent of a container is stopped (SIGSTOP), and later continued',
    target: 'agent',
    by: 'window',
    needs: ['agents'],
    shade: 'stopped, then continued',
  },
];
