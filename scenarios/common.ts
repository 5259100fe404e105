// SPDX-License-Identifier: MIT
/** What the scenarios of this folder have in common, so that a difference between two of them is visible as such. */
import type { RouteExpectation, Scenario, ScenarioContainer } from './types.ts';

/** Of a scenario in which nothing keeps a request waiting or makes it fail. What a scenario says after it replaces it. */
export const usual = {
  /** The module's default; no scenario without a fault should ever come near it. */
  timeoutMs: 30_000,
  /**
   * Over two hundred times the slowest mechanism's median: what is late is stuck, not slow, also on an overloaded host under
   * emulation, where a stock upcall among four was seen to take 5 s.
   */
  deadlineMs: 10_000,
  backoffUs: 2_000,
  /** The smallest answer that holds its proof of who answered. */
  payloadBytes: [256],
  expectedErrors: [],
} as const satisfies Partial<Scenario>;

/** One requester each. */
export const eightContainers: readonly ScenarioContainer[] = Array.from({ length: 8 }, (_, i) => ({
  name: `subject-${i}`,
  requesters: 1,
  agentUid: 0,
  requesterUid: 0,
  setuid: false,
  role: 'subject',
}));

/** Must hold for whichever route answers, and under every fault. */
const always = {
  'every-request-ended': 'held',
  'within-deadline': 'held',
  'expected-errors': 'held',
  'host-helper-spawns': 'held',
  'upcalls-as-expected': 'held',
  'no-stuck-keys': 'held',
  'kernel-log-clean': 'held',
  'module-unloads': 'held',
  'no-traffic-in-window': 'held',
} as const satisfies RouteExpectation['expect'];

/** Agents: answered inside, by one's own agent, and the host's helper never runs. */
export const agentExpectation = {
  ...always,
  'right-answerer': 'held',
  'answered-in-own-namespaces': 'held',
  'no-host-helper': 'held',
} as const satisfies RouteExpectation['expect'];

/**
 * Today's kernel: the helper runs in the init namespaces, whoever asked. That is the weakness this project measures
 * against; a run in which it does not show up is not to be trusted.
 */
export const initExpectation = {
  ...always,
  'right-answerer': 'held',
  'answered-in-own-namespaces': 'violated',
  'no-host-helper': 'violated',
} as const satisfies RouteExpectation['expect'];

/** The floor: nobody is asked, so there is no answerer to be judged. */
export const nullExpectation = {
  ...always,
  'no-host-helper': 'held',
} as const satisfies RouteExpectation['expect'];
