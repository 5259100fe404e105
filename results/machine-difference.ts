// SPDX-License-Identifier: MIT
import type { MachineDescription } from '../vm/machine.ts';

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

export interface MachineDifference {
  readonly field: (typeof constant)[number] | 'hypervisor';
  /** Of the one and of the other. */
  readonly values: readonly [string | number, string | number];
}

/** The first field in which guests differ that must not differ within a run; null if there is none. */
export function differenceOf(one: MachineDescription, other: MachineDescription): MachineDifference | null {
  for (const field of constant) if (one[field] !== other[field]) return { field, values: [one[field], other[field]] };
  const versions = [one.hypervisor.version, other.hypervisor.version] as const;
  return versions[0] === versions[1] ? null : { field: 'hypervisor', values: versions };
}
