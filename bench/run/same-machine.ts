// SPDX-License-Identifier: MIT
import { KeystormError } from '../../vm/failure.ts';
import type { MachineDescription } from '../../vm/machine.ts';

/** What must not change within a run: figures of its boots are put together. */
const constant = [
  'machine',
  'accelerator',
  'smp',
  'memoryMiB',
  'clock',
  'kernel',
  'kernelRelease',
  'kernelConfigHash',
  'moduleHash',
  'imageHash',
] as const satisfies readonly (keyof MachineDescription)[];

/** @throws KeystormError (2) naming the first field in which guests of the run before differ from this one. */
export function demandSameMachine(before: MachineDescription, now: MachineDescription): void {
  const names = [...constant, 'hypervisor'] as const;
  const valueIn = (of: MachineDescription, name: (typeof names)[number]) =>
    name === 'hypervisor' ? of.hypervisor.version : of[name];
  const different = names.find((name) => valueIn(before, name) !== valueIn(now, name));
  if (different === undefined) return;
  throw new KeystormError(
    `The run cannot be taken up: its guests had ${different} ${valueIn(before, different)}, now it is ${valueIn(now, different)}. Take up a run with the checkout and on the host that began it, or begin a new one.`,
  );
}
