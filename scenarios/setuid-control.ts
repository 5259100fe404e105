// SPDX-License-Identifier: MIT
import { usualRoutes } from './common.ts';
import { setuidAttack } from './setuid-attack.ts';
import type { Scenario } from './types.ts';

/** The attack's control: without it, a module that refuses everybody would pass for a secure one. */
export const setuidControl: Scenario = {
  ...setuidAttack,
  name: 'setuid-control',
  question: 'Does the same agent serve the same user’s program when it is not setuid?',
  containers: setuidAttack.containers.map((container) => ({ ...container, setuid: false })),
  workloadFaults: [],
  expectedErrors: [],
  routes: { ...setuidAttack.routes, session: usualRoutes.session, 'session-rfc': usualRoutes['session-rfc'] },
};
