// SPDX-License-Identifier: MIT
/** Whether KVM boots a guest on this host, and how that is known. */
import { z } from 'zod';
import { programCommand } from '../../host/program.ts';

/**
 * 'boots': the tiny guest said its word and powered off. 'hung': it did not within the deadline. 'died': QEMU ended without the word.
 * 'absent', 'forbidden': there is no /dev/kvm, or it may not be opened; seen without a boot.
 */
export const kvmOutcomes = ['boots', 'hung', 'died', 'absent', 'forbidden'] as const;

export const kvmVerdictSchema = z.strictObject({
  outcome: z.enum(kvmOutcomes),
  /** A clause that says what was seen, e.g. 'QEMU ended without a word from the guest: error: …'. */
  detail: z.string(),
  /** When it was decided: ISO 8601, UTC. */
  decidedAt: z.iso.datetime(),
});

export type KvmVerdict = z.infer<typeof kvmVerdictSchema>;

/** A verdict with where it comes from. */
export interface KnownVerdict extends KvmVerdict {
  /** Read from the cache, rather than seen just now. */
  readonly remembered: boolean;
}

/** Ends of QEMU may have passing causes: no memory, another hypervisor at work. Trying again costs a fraction of a second. */
const diedHoldsMs = 24 * 3_600_000;

/**
 * True while a remembered verdict still counts. 'boots' and 'hung' hold as long as host, QEMU and kernel stay the same (a boot that
 * hangs would cost every run its deadline); 'died' holds for a day; what shows without a boot is looked at each time.
 */
export function stillHolds(verdict: KvmVerdict, now: Date): boolean {
  if (verdict.outcome === 'boots' || verdict.outcome === 'hung') return true;
  if (verdict.outcome !== 'died') return false;
  const age = now.getTime() - Date.parse(verdict.decidedAt);
  // A clock that was set back makes no answer young.
  return age >= 0 && age < diedHoldsMs;
}

/** The verdict as a clause for a message: what was seen and, if it is remembered, when, and with `more` what else is to be said of that. */
export function describeVerdict({ decidedAt, detail, remembered }: KnownVerdict, more = ''): string {
  return remembered ? `${detail} (seen ${decidedAt.slice(0, 16).replace('T', ' ')} UTC${more})` : detail;
}

/** How a verdict is seen anew. */
export function probeCommand(): string {
  return `${programCommand()} doctor --probe`;
}
