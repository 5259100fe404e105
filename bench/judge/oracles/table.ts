// SPDX-License-Identifier: MIT
/** Every oracle a plan can name. The type demands that none is missing. */
import type { OracleName } from '../../../results/plan.ts';
import type { Oracle } from '../oracle.ts';
import { answeredInOwnNamespaces } from './answered-in-own-namespaces.ts';
import { bystanderUnaffected } from './bystander-unaffected.ts';
import { everyRequestEnded } from './every-request-ended.ts';
import { expectedErrors } from './expected-errors.ts';
import { faultTookEffect } from './fault-took-effect.ts';
import { hostHelperSpawns } from './host-helper-spawns.ts';
import { kernelLogClean } from './kernel-log-clean.ts';
import { moduleUnloads } from './module-unloads.ts';
import { neverServed } from './never-served.ts';
import { noHostHelper } from './no-host-helper.ts';
import { noStuckKeys } from './no-stuck-keys.ts';
import { noTrafficInWindow } from './no-traffic-in-window.ts';
import { recovers } from './recovers.ts';
import { rightAnswerer } from './right-answerer.ts';
import { stagesAddUp } from './stages-add-up.ts';
import { upcallsAsExpected } from './upcalls-as-expected.ts';
import { withinDeadline } from './within-deadline.ts';

export const oracles: Readonly<Record<OracleName, Oracle>> = {
  'every-request-ended': everyRequestEnded,
  'within-deadline': withinDeadline,
  'right-answerer': rightAnswerer,
  'answered-in-own-namespaces': answeredInOwnNamespaces,
  'expected-errors': expectedErrors,
  'never-served': neverServed,
  'no-host-helper': noHostHelper,
  'host-helper-spawns': hostHelperSpawns,
  'upcalls-as-expected': upcallsAsExpected,
  'fault-took-effect': faultTookEffect,
  recovers,
  'bystander-unaffected': bystanderUnaffected,
  'no-stuck-keys': noStuckKeys,
  'kernel-log-clean': kernelLogClean,
  'module-unloads': moduleUnloads,
  'no-traffic-in-window': noTrafficInWindow,
  'stages-add-up': stagesAddUp,
};
