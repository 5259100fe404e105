// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withStock } from './common.ts';

/** The kernel charges the key before it asks anybody. */
const atOnce = withStock({ 'full-quota-is-edquot': 'held', 'full-quota-tells-nobody': 'held' });

/** With the fallback that would let a request escape. */
export const fullRequesterQuota: CheckScenario = {
  name: 'full-requester-quota',
  question: 'When a container may have no more keys, is it told so at once, and is nobody else told of its request?',
  partOf: 'all',
  checks: ['full-requester-quota'],
  faults: ['full-requester-quota'],
  timeoutMs,
  routes: {
    ...byHelpers(atOnce),
    ...byAgents(atOnce),
    'session-rfc': atOnce,
    null: noFloor,
  },
};
