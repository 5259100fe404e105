// SPDX-License-Identifier: MIT
/** The file operations of a run, by kind and in order. */
import { type FileOps, realFileOps } from '../../../results/file-ops.ts';

export type Operation = keyof FileOps;

/** Files whose operations are noted in `log`; `before` is called before each is done, and may throw instead. */
export function observed(
  log: Operation[],
  before: (operation: Operation, n: number, args: readonly unknown[]) => void = () => {},
): FileOps {
  const wrapped = Object.entries(realFileOps).map(([operation, real]) => [
    operation,
    (...args: never[]) => {
      before(operation as Operation, log.push(operation as Operation) - 1, args);
      return (real as (...args: never[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(wrapped) as FileOps;
}

/** How many of the run's records were written by the first n operations: the first write is that of the manifest, the last that of the end. */
export function recordsBefore(operations: readonly Operation[], n: number): number {
  const [first, last] = [operations.indexOf('write'), operations.lastIndexOf('write')];
  return operations.slice(0, n).filter((operation, i) => operation === 'write' && i > first && i < last).length;
}
