// SPDX-License-Identifier: MIT
/** What the scenarios of this folder have in common, so that a difference between two of them is visible as such. */
import type { WindowPlan } from '../results/plan.ts';
import type { NotApplicable, RouteExpectation, Scenario, ScenarioContainer } from './types.ts';
import { withExpectation } from './with-expectation.ts';

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

/** What a fault is done to, and a neighbour that is to notice nothing of it. */
export const victimAndBystander: readonly ScenarioContainer[] = [
  { name: 'victim', requesters: 2, agentUid: 0, requesterUid: 0, setuid: false, role: 'victim' },
  { name: 'bystander', requesters: 2, agentUid: 0, requesterUid: 0, setuid: false, role: 'bystander' },
];

/** For faults that meet a delivery, whoever was found to be told: a scenario leaves these mechanisms out. */
export const oneRouteForEachDelivery: NonNullable<Scenario['except']> = Object.fromEntries(
  ['userns-signal', 'userns-fd-keyctl', 'intercept-signal', 'intercept-fd-keyctl'].map((mechanism) => [
    mechanism,
    'how an agent is found is over before the fault meets it: keyagent-* tells deliveries apart, the others with fd-write routes',
  ]),
);

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

/** Today's practice: a helper of the host all the same, but it enters the requester's namespaces before it answers. */
export const nsenterExpectation = {
  ...initExpectation,
  'answered-in-own-namespaces': 'held',
} as const satisfies RouteExpectation['expect'];

const { 'upcalls-as-expected': _uncounted, ...countless } = agentExpectation;
/** The RFC's agents answer like others as long as nothing goes wrong; its module counts nothing. */
export const rfcExpectation = countless satisfies RouteExpectation['expect'];

/** The floor: nobody is asked, so there is no answerer to be judged. */
export const nullExpectation = {
  ...always,
  'no-host-helper': 'held',
} as const satisfies RouteExpectation['expect'];

/** The same for each route by which the module finds an agent: what makes them differ is where they look. */
export function byAgents<T extends RouteExpectation | NotApplicable>(what: T) {
  return { session: what, userns: what, intercept: what };
}

/** The same for both routes on which the kernel executes a helper. */
export function byHelpers<T extends RouteExpectation | NotApplicable>(what: T) {
  return { init: what, nsenter: what };
}

/** Of a workload in which nothing goes wrong, whoever answers. What a scenario says after it replaces it. */
export const usualRoutes = {
  init: { fallback: 'stock', expect: initExpectation },
  nsenter: { fallback: 'stock', expect: nsenterExpectation },
  ...byAgents({ fallback: 'refuse', expect: agentExpectation }),
  // Without a fallback to choose: what no agent answers goes to the host's helper.
  'session-rfc': { fallback: 'stock', expect: rfcExpectation },
  null: { fallback: 'refuse', expect: nullExpectation },
} as const satisfies Scenario['routes'];

/**
 * What an agent does wrong, or is denied, that its requesters are to be served in spite of: a window with those faults of the victim,
 * beside a bystander. `nobody`: why it means nothing where no agent answers. What a scenario says after it replaces it.
 */
export function borneByAgents(faults: NonNullable<WindowPlan['faults']>, nobody: string) {
  const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;
  return {
    ...usual,
    partOf: 'all',
    containers: victimAndBystander,
    warmup: 10,
    windows: [{ ms: 2_500, maxRequests: 100_000, samples: true, faults }],
    quickWindows: null,
    routes: {
      ...byHelpers({ notApplicable: nobody }),
      ...byAgents({ fallback: 'refuse', expect: { ...agentExpectation, ...survived } } as const),
      'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, ...survived } },
      null: { notApplicable: nobody },
    },
    except: oneRouteForEachDelivery,
  } as const satisfies Partial<Scenario>;
}

/**
 * A fault of a second that no mechanism is to notice, whoever answers: nothing is late, fails or gets lost. What a scenario says after
 * it replaces it.
 */
export function borneByAll(fault: Omit<NonNullable<WindowPlan['faults']>[number], 'atMs' | 'untilMs'>) {
  return {
    ...usual,
    partOf: 'all',
    containers: victimAndBystander,
    warmup: 10,
    windows: [{ ms: 2_000, maxRequests: 100_000, samples: true, faults: [{ ...fault, atMs: 500, untilMs: 1_500 }] }],
    quickWindows: null,
    routes: withExpectation(usualRoutes, { 'fault-took-effect': 'held' }),
  } satisfies Partial<Scenario>;
}
