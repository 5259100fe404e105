// SPDX-License-Identifier: MIT
/** Which test files share the host with other tests, and which must have it to themselves. */

/**
 * Files that run with nothing beside them, each with the reason. Every other guest has one processor and its test judges what happens,
 * not how soon: it does as well beside another one.
 */
export const runsAlone: Readonly<Record<string, string>> = {
  'bench/run/stall.guest.test.ts': 'its figures are printed beside those of a model',
  'bench/simulation/at-length.host.test.ts':
    'it takes every processor itself, and its line says how long that many campaigns take',
  'bench/survival/classes.guest.test.ts': 'a panic must be known within a second',
  'vm/qemu/accelerator/accelerator.guest.test.ts': 'what KVM is found to do within its deadline is remembered',
  'vm/qemu/panic.guest.test.ts': 'a panic must be known within a second',
  'vm/qemu/pinning.guest.test.ts': 'two processors of the host must be free to be taken',
};

/** Something of each test file, told apart by how the file is run. */
export interface Apart<T> {
  /** In any order and as many at a time as there are processors. */
  readonly beside: readonly T[];
  /** One at a time, with nothing beside them. */
  readonly alone: readonly T[];
}

export function apart<T>(files: readonly string[], of: (file: string) => T): Apart<T> {
  const isAlone = (file: string) => runsAlone[file] !== undefined;
  return { beside: files.filter((file) => !isAlone(file)).map(of), alone: files.filter(isAlone).map(of) };
}
