// SPDX-License-Identifier: MIT
/** What scenarios with checks have in common. */
import type { Expected } from '../../results/plan.ts';
import type { CheckExpectation } from '../types.ts';

/** The module's bound on an agent: no check waits for the default of half a minute. */
export const timeoutMs = 5_000;

/** Likewise, where an answerer holds a request while other things are tried: the bound must not be what ends it. */
export const patientMs = 60_000;

/** A block in which what no agent answers goes to the host's helper. */
export function withStock(expect: Readonly<Record<string, Expected>>): CheckExpectation {
  return { fallback: 'stock', expect };
}

/** A block in which what no agent answers is refused. */
export function withRefusal(expect: Readonly<Record<string, Expected>>): CheckExpectation {
  return { fallback: 'refuse', expect };
}

export const noFloor = { notApplicable: 'the floor asks nobody' };
