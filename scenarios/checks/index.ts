// SPDX-License-Identifier: MIT
import type { CheckScenario } from '../types.ts';

/** Every scenario that is judged by programs of the guest, in the order of the report. */
export const checkScenarios: readonly CheckScenario[] = [];
