// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, patientMs, withRefusal, withStock } from './common.ts';

/** What keyrings do with dead keys is the kernel's own, whoever answers. */
const dead = {
  'revoked-key-is-told': 'held',
  'revoked-key-is-collected': 'held',
  // request_key(2) says EKEYEXPIRED where no replacement can be had; but the search passes over an expired key without a word.
  'expired-key-is-told': 'violated',
  'expired-key-is-renewed': 'held',
  'revoked-in-making-refused': 'held',
  'revoked-in-making-stays-so': 'held',
} as const;

export const deadKeys: CheckScenario = {
  name: 'dead-keys',
  question:
    'Is a requester told of a key that is revoked or expired, found or in the making, and can it get a new one?',
  partOf: 'all',
  checks: ['found-dead', 'revoked-in-making'],
  faults: ['revoke-found-key', 'expire-found-key', 'revoke-in-making'],
  timeoutMs: patientMs,
  routes: {
    ...byHelpers(withStock(dead)),
    ...byAgents(withRefusal(dead)),
    'session-rfc': withStock(dead),
    null: noFloor,
  },
};
