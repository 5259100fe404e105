// SPDX-License-Identifier: MIT
import { byAgents } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const outside = {
  'program-runs-in-container': 'violated',
  'program-never-runs-outside': 'violated',
  'program-without-agent-refused': 'violated',
} as const;

/** The key type with which a part of the kernel could have a program executed by a container's own agent. */
export const usermodeHelper: CheckScenario = {
  name: 'usermode-helper',
  question: 'Does a program that is asked for from a container run in the container, and nowhere else?',
  partOf: 'all',
  checks: ['usermode-helper'],
  timeoutMs,
  routes: {
    init: withStock(outside),
    // It executes nothing: inside, the program would be the container's.
    nsenter: withStock({
      'program-runs-in-container': 'violated',
      'program-never-runs-outside': 'held',
      'program-without-agent-refused': 'held',
    }),
    ...byAgents(
      withRefusal({
        'program-runs-in-container': 'held',
        'program-never-runs-outside': 'held',
        'program-without-agent-refused': 'held',
      }),
    ),
    // Its agents serve the key type user only: for this one the host's helper is asked.
    'session-rfc': withStock(outside),
    null: noFloor,
  },
  except: { 'stock-minimal': 'its helper executes no programs' },
};
