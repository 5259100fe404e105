// SPDX-License-Identifier: MIT
/** Which faults come in which window of a session: drawn from a seed, before the session begins. */
import type { FaultPlan, Mechanism } from '../../results/plan.ts';
import { faultsIn } from '../../scenarios/faults/in-scenario.ts';
import { faults } from '../../scenarios/faults/index.ts';
import type { Fault } from '../../scenarios/faults/types.ts';
import { scenarios } from '../../scenarios/index.ts';
import { hasAgents } from '../mechanisms/routes.ts';
import { lackOf } from '../plan/means.ts';
import type { Random } from '../plan/random.ts';
import type { Pace } from './pace.ts';

/** So many windows in ten have no fault at all: what a mechanism does undisturbed is to be seen beside it. */
const quietInTen = 2;
/** At most so many at once: each on somebody else. */
const mostAtOnce = 3;

/**
 * Those that the guest's runner can inject in a window, with a mechanism, so many processors, and requests a second in a container, that
 * have the time there that they need, and that the machine may suffer.
 */
export function possibleFaults(
  { route }: Mechanism,
  smp: number,
  rate: number,
  pace: Pace,
  disposable = true,
): Fault[] {
  // In a session everybody asks at a steady rate; and what makes an allocation fail is a check, which it has none of.
  const never = { idleContainer: false, allocationsFail: false, ownTree: false };
  const means = { smp, agents: hasAgents(route), disposable, ...never };
  return faults.filter(
    ({ by, needs, leastRate = 0, leastMs = 0 }) =>
      by === 'window' &&
      rate >= leastRate / pace.slowness &&
      leastMs * pace.slowness <= pace.latestMs - pace.earliestMs &&
      needs.every((need) => lackOf(need, means) === null),
  );
}

/** The errnos that a victim may see of them: those of the scenarios that inject them. */
export function errorsOf(chosen: readonly Fault[]): string[] {
  const names = chosen.map(({ name }) => name);
  const own = scenarios.filter((scenario) => faultsIn(scenario).some((name) => names.includes(name)));
  return [...new Set(own.flatMap(({ expectedErrors }) => expectedErrors))].sort();
}

/** The faults of one window; each on a container of its own but for one that needs another to be on, and the guest
 * at most once. Undefined for a quiet window. */
export function drawFaults(
  possible: readonly Fault[],
  victims: readonly string[],
  random: Random,
  { slowness, earliestMs, latestMs, shortestMs, headStartMs }: Pace,
): FaultPlan[] | undefined {
  if (possible.length === 0 || random.below(10) < quietInTen) return undefined;
  const atOnce = 1 + random.below(Math.min(mostAtOnce, victims.length));
  const targets = random.shuffle(victims);
  let ofGuest = false;
  return Array.from({ length: atOnce }, (_, i): FaultPlan[] => {
    const fault = possible[random.below(possible.length)] as Fault;
    const leastMs = Math.max(shortestMs, (fault.leastMs ?? 0) * slowness);
    const atMs = earliestMs + upTo(latestMs - earliestMs - leastMs, random);
    const untilMs = atMs + leastMs + upTo(latestMs - atMs - leastMs, random);
    const times = { name: fault.name, atMs, untilMs };
    if (fault.target === 'guest') {
      if (ofGuest) return [];
      ofGuest = true;
      return [times];
    }
    const container = targets[i] as string;
    const { during } = fault;
    if (during === undefined || !possible.some(({ name }) => name === during)) return [{ ...times, container }];
    return [
      { ...times, name: during, container },
      { ...times, atMs: atMs + headStartMs, container },
    ];
  }).flat();
}

/** One of so many ms from 0 on; 0 if there are none. */
function upTo(ms: number, random: Random): number {
  return ms > 0 ? random.below(ms) : 0;
}
