// SPDX-License-Identifier: MIT
import { answererFaults } from './answerers.ts';
import { answerFaults } from './answers.ts';
import { guestFaults } from './guest.ts';
import { keyFaults } from './keys.ts';
import { lifecycleFaults } from './lifecycles.ts';
import { notificationFaults } from './notifications.ts';
import { quotaFaults } from './quotas.ts';
import { requesterFaults } from './requesters.ts';
import { resourceFaults } from './resources.ts';
import type { Fault } from './types.ts';
import { workloadFaults } from './workloads.ts';

/** The catalogue, in the order in which it is listed. */
export const faults: readonly Fault[] = [
  ...answererFaults,
  ...answerFaults,
  ...requesterFaults,
  ...resourceFaults,
  ...guestFaults,
  ...quotaFaults,
  ...notificationFaults,
  ...lifecycleFaults,
  ...keyFaults,
  ...workloadFaults,
];
