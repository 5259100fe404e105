// SPDX-License-Identifier: MIT
import { answererFaults } from './answerers.ts';
import type { Fault } from './types.ts';

/** The catalogue, in the order in which it is listed. */
export const faults: readonly Fault[] = [...answererFaults];
