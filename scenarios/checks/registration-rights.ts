// SPDX-License-Identifier: MIT
import { byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal } from './common.ts';

const byLinking = { notApplicable: 'an agent is registered by linking a key: linking-grants asks who may' };

/** Who, with which capability, for whose namespaces: a property for each registrar, its row of the table as the evidence. */
const asOwned = withRefusal({
  'registration-rights-host-root': 'held',
  'registration-rights-host-root-only-admin': 'held',
  'registration-rights-host-root-but-admin': 'held',
  'registration-rights-host-user': 'held',
  'registration-rights-container-root': 'held',
  'registration-rights-container-root-but-admin': 'held',
  'registration-rights-container-user': 'held',
  'registration-rights-sibling-root': 'held',
  'registration-rights-nested-root': 'held',
  'registration-rights-capability': 'held',
});

export const registrationRights: CheckScenario = {
  name: 'registration-rights',
  question: 'Can an agent be registered for a namespace by those only who are capable in its owner?',
  partOf: 'all',
  checks: ['registration-rights'],
  timeoutMs,
  routes: {
    ...byHelpers({ notApplicable: 'nobody registers' }),
    session: byLinking,
    'session-rfc': byLinking,
    userns: asOwned,
    intercept: asOwned,
    null: noFloor,
  },
};
