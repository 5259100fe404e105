// SPDX-License-Identifier: MIT
import { answererFaults } from './answerers.ts';
import { lifecycleFaults } from './lifecycles.ts';
import { notificationFaults } from './notifications.ts';
import { quotaFaults } from './quotas.ts';
import type { Fault } from './types.ts';
import { workloadFaults } from './workloads.ts';

/** The catalogue, in the order in which it is listed. */
export const faults: readonly Fault[] = [
  ...answererFaults,
  ...quotaFaults,
  ...notificationFaults,
  ...lifecycleFaults,
  ...workloadFaults,
];
