// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const always = { 'host-helper-absent-unserved': 'violated', 'host-helper-absent-served': 'violated' } as const;

export const hostHelperAbsent: CheckScenario = {
  name: 'host-helper-absent',
  question: 'Is the host’s /sbin/request-key left alone by requests from containers, with an agent and without?',
  partOf: 'all',
  checks: ['host-helper-absent'],
  timeoutMs,
  routes: {
    ...byHelpers(withStock(always)),
    ...byAgents(withRefusal({ 'host-helper-absent-unserved': 'held', 'host-helper-absent-served': 'held' })),
    // As posted there is no boundary: whom no agent serves, the host does.
    'session-rfc': withStock({ 'host-helper-absent-unserved': 'violated', 'host-helper-absent-served': 'held' }),
    null: noFloor,
  },
};
