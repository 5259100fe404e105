// SPDX-License-Identifier: MIT
/**
 * A scenario: a workload, perhaps a fault, and what is expected of each route, as data. It says nothing of how any of
 * it is done; the plan turns scenario × mechanism into cells, and the judge reads the expectations from there.
 */
import type { CellPlan, ContainerPlan, Delivery, Expected, OracleName, Route, WindowPlan } from '../results/plan.ts';

/** A container of the workload. Whether it has an agent follows from the mechanism's route. */
export type ScenarioContainer = Omit<ContainerPlan, 'agent'>;

/** What one route is expected to do in the scenario. */
export interface RouteExpectation {
  readonly fallback: CellPlan['fallback'];
  /** Only the oracles named are judged. A weakness that today's kernel is known for is expected: 'violated'. */
  readonly expect: Readonly<Partial<Record<OracleName, Expected>>>;
  /** In place of the scenario's, where the route has others. */
  readonly expectedErrors?: readonly string[];
}

/** A route that the scenario says nothing about, with the reason that the report shows. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/**
 * When a scenario is run without being named: `quick` in every run; `bench` in every run but a quick one; `all` with
 * `--scenario all`; `itself` only by its name: a study, whose answer seldom changes.
 */
export const parts = ['quick', 'bench', 'all', 'itself'] as const;
export type Part = (typeof parts)[number];

/** Open loop at several rates. Made into windows when a plan is made, in an order drawn from the plan's seed. */
export interface RateLadder {
  /** Starts in a second in each container, ascending; `--rate` puts others in their place. */
  readonly rates: readonly number[];
  /** Each mechanism takes the rates from `least` to `most` times what it roughly can; absent: all of them. */
  readonly near?: { readonly least: number; readonly most: number };
  /** As many starts at each rate as the first of these that takes at most `withinMs`, else the last. */
  readonly starts: readonly [number, ...number[]];
  readonly withinMs: number;
  /** At each rate as many windows of each shape as the starts need. */
  readonly shapes: readonly WindowShape[];
}

/** A window but for its rate. */
export interface WindowShape {
  /** How long it may be; `most` is at most 5,000, as for any window. */
  readonly ms: { readonly least: number; readonly most: number };
  /** At least so many at each rate, at different times of the cell, so that one disturbance does not spoil a rate. */
  readonly atLeast: number;
  readonly samples: boolean;
  readonly faults?: WindowPlan['faults'];
}

/** True for windows that are still to be made from rates. */
export function isLadder(windows: readonly WindowPlan[] | RateLadder): windows is RateLadder {
  return 'rates' in windows;
}

export interface Scenario {
  /** `[a-z0-9-]`, at most 32 characters. */
  readonly name: string;
  /** The question it answers, one sentence. */
  readonly question: string;
  readonly partOf: Part;
  readonly containers: readonly ScenarioContainer[];
  /** Unmeasured requests of each requester before the first window. */
  readonly warmup: number;
  readonly windows: readonly WindowPlan[] | RateLadder;
  /** Names of faults that are in what its requesters do, beside those of its windows. Absent: none. */
  readonly workloadFaults?: readonly string[];
  /** Windows under `--quick`; null: the same. */
  readonly quickWindows: readonly WindowPlan[] | RateLadder | null;
  /** The module's bound on an agent, in ms. */
  readonly timeoutMs: number;
  /** A request that takes longer is late, in ms. */
  readonly deadlineMs: number;
  /** Pause of a requester after a failed request, in µs: without it a dead agent turns requesters into busy loops. */
  readonly backoffUs: number;
  /** Sizes of the answers in bytes, in turn. */
  readonly payloadBytes: readonly number[];
  /** What requesters ask for; absent: each request for a key of its own. */
  readonly requests?: CellPlan['requests'];
  /** Where agents answer: an agent in each container (the default), or one for all of them. */
  readonly topology?: 'own' | 'shared';
  /** A cell for each of these: so many user namespaces below their container's the requesters run. Absent: one, in it. */
  readonly depths?: readonly number[];
  /** Errno names that the victim may see while a fault is on, or, with `never-served`, that every request must see. */
  readonly expectedErrors: readonly string[];
  /** `bystander-unaffected`: how many times its fault-free p99 the bystander's p99 may be while the fault is on. */
  readonly bystanderFactor?: number;
  readonly routes: Readonly<Record<Route, RouteExpectation | NotApplicable>>;
  /** Mechanisms it leaves out though their route applies, each with the reason that the report shows. */
  readonly except?: Readonly<Record<string, string>>;
}

/** What one route is expected to do in checks. */
export interface CheckExpectation {
  readonly fallback: CellPlan['fallback'];
  /** By property as the checks report them. A property that is expected and not reported is unknown. */
  readonly expect: Readonly<Record<string, Expected>>;
}

/** Programs of the guest that try one thing and report properties, in place of a load that is measured. */
export interface CheckScenario {
  /** `[a-z0-9-]`, at most 32 characters. */
  readonly name: string;
  /** The question it answers, one sentence. */
  readonly question: string;
  readonly partOf: Part;
  /** Names of the guest's checks, run in this order. */
  readonly checks: readonly string[];
  /** Names of the faults that its checks inject; each must be seen to take effect, on every mechanism. Absent: none. */
  readonly faults?: readonly string[];
  /** The module's bound on an agent, in ms. */
  readonly timeoutMs: number;
  readonly routes: Readonly<Record<Route, CheckExpectation | NotApplicable>>;
  /** Mechanisms it leaves out though their route applies, each with the reason that the report shows. */
  readonly except?: Readonly<Record<string, string>>;
  /** Where it is the delivery that decides: in place of what the route says. */
  readonly deliveries?: Readonly<Partial<Record<Delivery, Readonly<Record<string, Expected>> | NotApplicable>>>;
}

/** Either kind, as far as both are chosen and listed alike. */
export type AnyScenario = Scenario | CheckScenario;

/** True when the scenario says what it expects of the route. */
export function isApplicable<T extends { readonly expect: object }>(route: T | NotApplicable): route is T {
  return 'expect' in route;
}
