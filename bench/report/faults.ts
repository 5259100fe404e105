// SPDX-License-Identifier: MIT
/** What kernels reported where guests failed: the same fault once, however often it came. */
import type { RecordOf } from '../../results/records.ts';
import { plainText } from './plain-text.ts';

export type Failure = RecordOf<'failure'>;

/** Failures of one fault, in the order in which they came; one without the name of a fault is alone. */
export function groupedByFault(failures: readonly Failure[]): Failure[][] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const { fingerprint, failureKind, seq } = failure;
    const key = fingerprint === undefined ? `record ${seq}` : `${failureKind} ${fingerprint}`;
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups.values()];
}

/** "KASAN: slab-out-of-bounds Read in f (0123456789ab)"; empty where no kernel reported anything. */
export function faultName({ title, fingerprint }: Pick<Failure, 'title' | 'fingerprint'>): string {
  return title === undefined ? '' : plainText(`${title} (${fingerprint})`);
}

/** "2 × KASAN: slab-out-of-bounds Read in f (0123456789ab)", for each fault that has a name. */
export function countedFaults(failures: readonly Failure[]): string[] {
  const groups = groupedByFault(failures.filter(({ title }) => title !== undefined));
  return groups.flatMap(([first, ...more]) =>
    first === undefined ? [] : [`${more.length + 1} × ${faultName(first)}`],
  );
}
