// SPDX-License-Identifier: MIT
/**
 * What a made-up mechanism takes of the made-up processor: plausible in shape and order of magnitude, and nothing more.
 * No figure from here may ever be shown without the word fake.
 */
import type { GuestCell, GuestContainer } from './guest-plan.ts';

/** A source of numbers from 0 to 1 (excluded). */
export type Unit = () => number;

/** Medians in ns. */
const medians: Readonly<Record<string, number>> = {
  keyutils: 36_000_000,
  minimal: 3_000_000,
  nsenter: 8_000_000,
  signal: 170_000,
  'fd-keyctl': 160_000,
  'fd-write': 155_000,
  none: 60_000,
};

/** Asking for a key that is there already. */
export const hitNs = 4_000;
/** Being told that nobody will answer. */
export const refusalNs = 40_000;
/** Reading the clock once; two such reads belong to each request that is timed by itself. */
export const clockReadNs = 60;

/** Processor time of one upcall in ns, `escaped` if the host's helper answers in an agent's place: around the mechanism's median, with a long right tail. */
export function serviceOf(cell: GuestCell, unit: Unit, escaped: boolean): number {
  const how = cell.words.get(escaped || isHelpers(cell) ? 'helper' : 'delivery') ?? '';
  const median = medians[how] ?? 1_000_000;
  const normal = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  const more = ['agent_delay_ns', 'path_instructions'].reduce((sum, name) => sum + (cell.numbers.get(name) ?? 0), 0);
  // An instruction takes a nanosecond, as where they are counted.
  const delayNs = escaped || !isAgents(cell) ? 0 : more;
  return Math.round(median * Math.exp(0.15 * normal)) + delayNs;
}

export function routeOf(cell: GuestCell): string {
  return cell.words.get('route') ?? '';
}

/** True when a program is executed for each upcall. */
export function isHelpers(cell: GuestCell): boolean {
  return ['init', 'nsenter'].includes(routeOf(cell));
}

/** True when agents answer, whoever finds them. */
export function isAgents(cell: GuestCell): boolean {
  return ['session', 'session-rfc', 'userns', 'intercept'].includes(routeOf(cell));
}

/** True for agents as the RFC has them: no rule who may serve, and what they do not answer goes to the host's helper. */
export function isRfc(cell: GuestCell): boolean {
  return routeOf(cell) === 'session-rfc';
}

/** A number of the cell's plan in ns, given the name it has there, e.g. `timeout_ms`. */
export function nsOf(cell: GuestCell, name: `${string}_ms` | `${string}_us`): number {
  return (cell.numbers.get(name) ?? 0) * (name.endsWith('_ms') ? 1e6 : 1e3);
}

/** True when the module must refuse to let this container's agent answer its requester. */
export function isForbidden(cell: GuestCell, container: GuestContainer): boolean {
  return isAgents(cell) && !isRfc(cell) && container.setuid && container.agentUid !== 0;
}
