// SPDX-License-Identifier: MIT
/**
 * What a route is, as far as plans, measures and oracles go by it. Whoever wants to know something about a route asks here, so
 * that a new one is a row and not a hunt for comparisons with names.
 */
import type { Route } from '../../results/plan.ts';

export interface RouteTraits {
  /** Who answers: a program that the kernel executes for each upcall, an agent that waits for them, or the module itself. */
  readonly answerer: 'helper' | 'agent' | 'module';
  /** The counters whose sum is how many upcalls there were; null where nobody in the guest counts them. */
  readonly counters: readonly string[] | null;
  /** What these counters count, for evidence. */
  readonly counted: string;
}

/** An upcall to an agent is counted once, by how its agent was told or by the fallback, unless something went wrong under way. */
const agents: RouteTraits = {
  answerer: 'agent',
  counters: ['notified_signal', 'notified_fd_write', 'notified_fd_keyctl', 'fallback_stock', 'fallback_refused'],
  counted: 'upcalls to agents or the fallback',
};
const helpers: RouteTraits = {
  answerer: 'helper',
  counters: ['helper_execs'],
  counted: 'executions of /sbin/request-key',
};

const traits: Readonly<Record<Route, RouteTraits>> = {
  init: helpers,
  nsenter: helpers,
  session: agents,
  userns: agents,
  intercept: agents,
  // It has a module of its own, which counts nothing: as posted.
  'session-rfc': { answerer: 'agent', counters: null, counted: 'upcalls as the posted RFC makes them' },
  null: { answerer: 'module', counters: ['null'], counted: 'answers by the module' },
};

export function traitsOf(route: Route): RouteTraits {
  return traits[route];
}

/** True where agents answer, so that a container may have one. */
export function hasAgents(route: Route): boolean {
  return traits[route].answerer === 'agent';
}

/** True where it is the module keystorm.ko that has an agent asked: the RFC's is another one. */
export function asksAgents(route: Route): boolean {
  return hasAgents(route) && route !== 'session-rfc';
}

/** True where each upcall executes a program. */
export function hasHelpers(route: Route): boolean {
  return traits[route].answerer === 'helper';
}

/** True for the floor: nobody is asked, the module answers. */
export function isFloor(route: Route): boolean {
  return traits[route].answerer === 'module';
}
