// SPDX-License-Identifier: MIT
import type { FailureKind } from '../../vm/failure.ts';

/** What a runner that gives up says in words of the C library, of crun, or of its own when it has waited long enough. */
const kinds: readonly (readonly [RegExp, FailureKind])[] = [
  [/No space left on device|Disk quota exceeded/, 'out-of-disk'],
  [/Cannot allocate memory|Out of memory/, 'out-of-memory'],
  [/\b(?:within|after|for) \d+ ms\b|\b\d+ ms after\b/, 'timeout'],
];

/** The failure that the message of an `error` frame amounts to: the runner's own, unless it says what it lacked. */
export function kindOfError(message: string): FailureKind {
  return kinds.find(([words]) => words.test(message))?.[1] ?? 'harness-fault';
}
