// SPDX-License-Identifier: MIT
import { byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal } from './common.ts';

const noFilters = { notApplicable: 'its agents have no filters' };

export const mostSelective: CheckScenario = {
  name: 'most-selective',
  question: 'Does the agent whose filter is the most selective answer, and refuse when it is dead?',
  partOf: 'all',
  checks: ['most-selective'],
  timeoutMs,
  routes: {
    ...byHelpers({ notApplicable: 'there are no agents' }),
    session: noFilters,
    'session-rfc': noFilters,
    userns: noFilters,
    intercept: withRefusal({ 'most-selective-wins': 'held', 'dead-most-selective-refuses': 'held' }),
    null: noFloor,
  },
};
