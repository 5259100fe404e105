// SPDX-License-Identifier: MIT
/** Whether there can be guests behind Vagrant on this host; a test says so where there cannot. */
import { demandNeeds, vagrantNeeds } from '../needs.ts';
import { demandRoot } from '../sandbox.ts';

/** Why not; undefined where they can be. */
export function whyNotHere(): string | undefined {
  try {
    demandNeeds(vagrantNeeds);
    demandRoot();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
