// SPDX-License-Identifier: MIT
/** What is wrong, of whatever kind, and what that comes to. */

export type FindingKind =
  /** The kernel complained. */
  | 'kernel-report'
  /** Memory, keys or a module stayed behind. */
  | 'leak'
  /** An oracle saw something else than was expected of the mechanism. */
  | 'expectation'
  /** A program of the guest says that the module did not behave. */
  | 'behaviour'
  /** A sanitizer did not report what it is there for: silence means nothing then. */
  | 'silent-sanitizer'
  /** A guest or the harness broke. */
  | 'broken'
  /** What was to be looked at could not be. */
  | 'unseen';

export interface Finding {
  readonly kind: FindingKind;
  /** When or where, e.g. 'round 3'. */
  readonly where: string;
  /** One sentence. */
  readonly what: string;
  /** The kernel's or the guest's own words; bytes of a guest, not to be trusted. */
  readonly lines: readonly string[];
}

const faults: readonly FindingKind[] = ['kernel-report', 'leak', 'expectation', 'behaviour'];
const brokenness: readonly FindingKind[] = ['silent-sanitizer', 'broken'];

/** 1: a fault was found, whatever else happened; 3: something broke; 4: not all was seen; 0: all was seen, and nothing found. */
export function exitCodeOfFindings(findings: readonly Finding[]): 0 | 1 | 3 | 4 {
  const has = (kinds: readonly FindingKind[]) => findings.some(({ kind }) => kinds.includes(kind));
  if (has(faults)) return 1;
  if (has(brokenness)) return 3;
  return findings.length === 0 ? 0 : 4;
}
