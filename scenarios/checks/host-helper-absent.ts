// SPDX-License-Identifier: MIT
import type { Expected } from '../../results/plan.ts';
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

/** By whom: a container nobody serves, one with an agent, and requesters outside one of the init namespaces each. */
function absent(unserved: Expected, served: Expected, anyNamespace: Expected) {
  return {
    'host-helper-absent-unserved': unserved,
    'host-helper-absent-served': served,
    'host-helper-absent-any-namespace': anyNamespace,
    // Absent for containers must not mean absent for the host.
    'host-helper-kept-for-host': 'held',
  } as const;
}

export const hostHelperAbsent: CheckScenario = {
  name: 'host-helper-absent',
  question: 'Is the host’s /sbin/request-key left alone by requests from containers, with an agent and without?',
  partOf: 'all',
  checks: ['host-helper-absent'],
  timeoutMs,
  routes: {
    ...byHelpers(withStock(absent('violated', 'violated', 'violated'))),
    ...byAgents(withRefusal(absent('held', 'held', 'held'))),
    // As posted there is no boundary: whom no agent serves, the host does.
    'session-rfc': withStock(absent('violated', 'held', 'violated')),
    null: noFloor,
  },
};
