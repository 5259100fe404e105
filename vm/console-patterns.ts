// SPDX-License-Identifier: MIT
/** What a kernel's console lines say about its state. Written once, above all backends. */
import type { FailureKind } from './failure.ts';

/**
 * How far a line goes. 'dead': nothing runs any more. 'broken': the guest goes on, but nothing it says can be trusted.
 * 'explains': no failure by itself (a scenario may provoke it), but the reason if the guest is then lost.
 */
export type Gravity = 'dead' | 'broken' | 'explains';

export interface Sighting {
  readonly kind: FailureKind;
  readonly gravity: Gravity;
  /** The line that said so. */
  readonly line: string;
}

/** In order: the first that matches a line decides. */
const patterns: readonly { readonly pattern: RegExp; readonly kind: FailureKind; readonly gravity: Gravity }[] = [
  {
    pattern: /Kernel panic - not syncing: (Out of memory|System is deadlocked on memory)/,
    kind: 'out-of-memory',
    gravity: 'dead',
  },
  { pattern: /Kernel panic - not syncing/, kind: 'guest-panic', gravity: 'dead' },
  { pattern: /soft lockup - CPU#\d+ stuck/, kind: 'hang', gravity: 'explains' },
  { pattern: /rcu: INFO: rcu_\w+ (self-)?detected (expedited )?stall/, kind: 'hang', gravity: 'explains' },
  { pattern: /INFO: task .+ blocked for more than \d+ seconds/, kind: 'hang', gravity: 'explains' },
  { pattern: /\bBUG: (unable to handle|kernel NULL pointer)/, kind: 'oops', gravity: 'broken' },
  { pattern: /\bkernel BUG at /, kind: 'oops', gravity: 'broken' },
  {
    pattern: /\b(Oops|general protection fault|invalid opcode|divide error|stack segment)[^:]*: [0-9a-f]{4} \[#\d+\]/,
    kind: 'oops',
    gravity: 'broken',
  },
  { pattern: /\bBUG: (KASAN|KFENCE|sleeping function|scheduling while atomic)/, kind: 'oops', gravity: 'broken' },
  { pattern: /(^|\] )Out of memory: Killed process/, kind: 'out-of-memory', gravity: 'explains' },
  { pattern: /Initramfs unpacking failed: write error/, kind: 'out-of-memory', gravity: 'explains' },
  { pattern: /No space left on device/, kind: 'out-of-disk', gravity: 'explains' },
];

const gravities: readonly Gravity[] = ['explains', 'broken', 'dead'];

/** What `line` reveals, if anything. */
export function sight(line: string): Sighting | undefined {
  const found = patterns.find(({ pattern }) => pattern.test(line));
  return found === undefined ? undefined : { kind: found.kind, gravity: found.gravity, line: line.trim() };
}

/** Of two sightings the graver; of equal ones the earlier, which is nearer to the cause. */
export function graver(earlier: Sighting | undefined, later: Sighting | undefined): Sighting | undefined {
  if (earlier === undefined || later === undefined) return earlier ?? later;
  return gravities.indexOf(later.gravity) > gravities.indexOf(earlier.gravity) ? later : earlier;
}
