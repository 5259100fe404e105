// SPDX-License-Identifier: MIT
import { differenceOf } from '../../results/machine-difference.ts';
import { KeystormError } from '../../vm/failure.ts';
import type { MachineDescription } from '../../vm/machine.ts';

/** @throws KeystormError (2) naming the first field in which guests of the run before differ from this one. */
export function demandSameMachine(before: MachineDescription, now: MachineDescription): void {
  const difference = differenceOf(before, now);
  if (difference === null) return;
  const { field, values } = difference;
  throw new KeystormError(
    `The run cannot be taken up: its guests had ${field} ${values[0]}, now it is ${values[1]}. Take up a run with the checkout and on the host that began it, or begin a new one.`,
  );
}
