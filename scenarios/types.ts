// SPDX-License-Identifier: MIT
/**
 * A scenario: a workload, perhaps a fault, and what is expected of each route, as data. It says nothing of how any of
 * it is done; the plan turns scenario × mechanism into cells, and the judge reads the expectations from there.
 */
import type { CellPlan, ContainerPlan, Expected, OracleName, routes, WindowPlan } from '../results/plan.ts';

export type Route = (typeof routes)[number];

/** A container of the workload. Whether it has an agent follows from the mechanism's route. */
export type ScenarioContainer = Omit<ContainerPlan, 'agent'>;

/** What one route is expected to do in the scenario. */
export interface RouteExpectation {
  readonly fallback: CellPlan['fallback'];
  /** Only the oracles named are judged. A weakness that today's kernel is known for is expected: 'violated'. */
  readonly expect: Readonly<Partial<Record<OracleName, Expected>>>;
}

/** A route that the scenario says nothing about, with the reason that the report shows. */
export interface NotApplicable {
  readonly notApplicable: string;
}

export interface Scenario {
  /** `[a-z0-9-]`, at most 32 characters. */
  readonly name: string;
  /** The question it answers, one sentence. */
  readonly question: string;
  readonly containers: readonly ScenarioContainer[];
  /** Unmeasured requests of each requester before the first window. */
  readonly warmup: number;
  readonly windows: readonly WindowPlan[];
  /** Windows under `--quick`; null: not a part of it. */
  readonly quickWindows: readonly WindowPlan[] | null;
  /** The module's bound on an agent, in ms. */
  readonly timeoutMs: number;
  /** A request that takes longer is late, in ms. */
  readonly deadlineMs: number;
  /** Pause of a requester after a failed request, in µs: without it a dead agent turns requesters into busy loops. */
  readonly backoffUs: number;
  /** Sizes of the answers in bytes, in turn. */
  readonly payloadBytes: readonly number[];
  /** Errno names that the victim may see while a fault is on, or, with `never-served`, that every request must see. */
  readonly expectedErrors: readonly string[];
  /** `bystander-unaffected`: how many times its fault-free p99 the bystander's p99 may be while the fault is on. */
  readonly bystanderFactor?: number;
  readonly routes: Readonly<Record<Route, RouteExpectation | NotApplicable>>;
}

/** True when the scenario says what it expects of the route. */
export function isApplicable(route: RouteExpectation | NotApplicable): route is RouteExpectation {
  return 'expect' in route;
}
