// SPDX-License-Identifier: MIT
import { byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal } from './common.ts';

const noWalk = { notApplicable: 'it does not walk up the user namespaces' };

export const nearestAncestor: CheckScenario = {
  name: 'nearest-ancestor',
  question: 'Does the agent of the nearest user namespace answer, at any depth, and never that of a sibling?',
  partOf: 'all',
  checks: ['nearest-ancestor'],
  faults: ['nested-user-namespaces'],
  timeoutMs,
  routes: {
    ...byHelpers(noWalk),
    session: noWalk,
    'session-rfc': noWalk,
    intercept: noWalk,
    userns: withRefusal({
      'nearest-ancestor-depth-0': 'held',
      'nearest-ancestor-depth-1': 'held',
      'nearest-ancestor-depth-8': 'held',
      'nearest-ancestor-depth-32': 'held',
      'sibling-never': 'held',
      'dead-nearest-refuses': 'held',
    }),
    null: noFloor,
  },
};
