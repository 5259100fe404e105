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
  /** Of the fault that the kernel reported: the same wherever it shows. */
  readonly title?: string;
  readonly fingerprint?: string;
  /** How often it was found, if more than once; the rest is of the first time. */
  readonly times?: number;
}

const faults: readonly FindingKind[] = ['kernel-report', 'leak', 'expectation', 'behaviour'];
const brokenness: readonly FindingKind[] = ['silent-sanitizer', 'broken'];

/** Findings of a fault with a name once each, where they were first found, and how often. */
export function countEqual(findings: readonly Finding[]): Finding[] {
  const counted: Finding[] = [];
  const placeOf = new Map<string, number>();
  for (const finding of findings) {
    const key = finding.fingerprint === undefined ? undefined : `${finding.kind} ${finding.fingerprint}`;
    const place = key === undefined ? undefined : placeOf.get(key);
    const first = place === undefined ? undefined : counted[place];
    if (place !== undefined && first !== undefined) counted[place] = { ...first, times: (first.times ?? 1) + 1 };
    else {
      if (key !== undefined) placeOf.set(key, counted.length);
      counted.push(finding);
    }
  }
  return counted;
}

/** 1: a fault was found, whatever else happened; 3: something broke; 4: not all was seen; 0: all was seen, and nothing found. */
export function exitCodeOfFindings(findings: readonly Finding[]): 0 | 1 | 3 | 4 {
  const has = (kinds: readonly FindingKind[]) => findings.some(({ kind }) => kinds.includes(kind));
  if (has(faults)) return 1;
  if (has(brokenness)) return 3;
  return findings.length === 0 ? 0 : 4;
}
