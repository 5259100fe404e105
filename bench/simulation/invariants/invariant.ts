// SPDX-License-Identifier: MIT
import type { Found, Outcome } from '../world.ts';

/** What must be so after every campaign: what is wrong with an outcome, in sentences. */
export interface Invariant {
  readonly name: string;
  readonly complaints: (outcome: Outcome) => readonly string[];
}

/** The run as it was found in the end; null where there was none to be read. */
export function foundIn({ found }: Outcome): Found | null {
  return 'run' in found ? found : null;
}
