// SPDX-License-Identifier: MIT
/**
 * Whether two runs measured the same, in one word. Guests that count their instructions do: of one build, plan and seed each run
 * has the same hash, and one that has not was disturbed, or is of another build.
 */
import { hashJson, type Json } from '../vm/hash.ts';
import { type BootView, bootsOf } from './boots.ts';
import type { FrameType } from './frames.ts';
import type { Plan } from './plan.ts';
import type { RunRecord } from './records.ts';

/** Frames that figures are computed from. What names the guest, its kernel's log and its heartbeat are not among them. */
const measuring: readonly FrameType[] = [
  'floor',
  'cell',
  'agent',
  'window',
  'meter',
  'stages',
  'samples',
  'fault',
  'counters',
];

export interface SampleHashes {
  /** sha256 of those of all boots, in the plan's order; null unless each came to its end. */
  readonly all: string | null;
  /** Boot by boot; null for one that did not come to its end. */
  readonly boots: readonly { readonly boot: number; readonly seed: number; readonly sha256: string | null }[];
}

/** Of a stored run. The number that a frame has among all of its boot does not count, nor does anything of the host. */
export function sampleHashes(plan: Plan, records: readonly RunRecord[]): SampleHashes {
  const boots = bootsOf(plan, records).map((boot) => ({
    boot: boot.plan.index,
    seed: boot.plan.seed,
    sha256: boot.finished ? hashOf(boot) : null,
  }));
  const whole = boots.every(({ sha256 }) => sha256 !== null);
  return { all: whole ? hashJson(boots) : null, boots };
}

function hashOf({ frames }: BootView): string {
  const measured = frames.flatMap(({ frame }) => (measuring.includes(frame.t) ? [{ ...frame, n: 0 }] : []));
  return hashJson(measured as unknown as Json);
}
