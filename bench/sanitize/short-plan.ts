// SPDX-License-Identifier: MIT
/**
 * A plan in short form, for a kernel that looks for faults and is many times slower for it: every scenario, mechanism, fault and
 * check is still there, but each as briefly as will do to go through its code. Nothing here measures anything.
 */
import {
  type CellPlan,
  type CheckBlock,
  type ContainerPlan,
  type Expected,
  type OracleName,
  type Plan,
  planSchema,
  type Step,
  type WindowPlan,
} from '../../results/plan.ts';

export interface ShortForm {
  /** Times that the module is loaded, put under load and unloaded, in one guest: a boot of the plan each. */
  readonly rounds: number;
  /** How many times longer than on a usual kernel anything may take, at least 1. */
  readonly slowness: number;
  readonly smp: number;
}

/** Enough to go through everything twice, also with requests that overlap. */
const requests = 12;
const windowMs = 600;
/** With faults: served before the first begins, between any two moments at which one begins or ends, and after the last. */
const faultyWindow = { beforeMs: 700, betweenMs: 800, afterMs: 1_500 };
const warmup = 2;
/** Starting a container takes seconds: as many as are told apart by something, and three of those that are alike. */
const alikeContainers = 3;
/** Of a container: enough for requests that meet one another. */
const requesters = 8;
const floorIterations = 20;
/** The format's own bound on what a module's wait may take. */
const mostTimeoutMs = 3_600_000;

/**
 * What depends on how long something takes. On this kernel it says nothing about a mechanism, so whatever is seen will do; what
 * is left are statements that hold at any speed.
 */
export const timedOracles: readonly OracleName[] = [
  'within-deadline',
  'bystander-unaffected',
  'recovers',
  'fault-took-effect',
  'no-traffic-in-window',
];

/** The plan's cells and checks, shortened and dealt out to rounds; every round has every scenario. */
export function shortPlan(plan: Plan, form: ShortForm): Plan {
  return planSchema.parse({
    ...plan,
    smp: form.smp,
    cells: plan.cells.map((cell) => shortCell(cell, form.slowness)),
    checks: plan.checks.map((block) => ({
      ...block,
      timeoutMs: longer(block.timeoutMs, form.slowness),
      expect: relaxed(block.expect),
    })),
    boots: Array.from({ length: form.rounds }, (_, index) => ({
      index,
      // One guest, so nothing that could be compared with another.
      block: 0,
      seed: plan.boots[0]?.seed ?? plan.seed,
      steps: stepsOf(plan, index, form.rounds),
    })),
  } satisfies Plan);
}

function shortCell(cell: CellPlan, slowness: number): CellPlan {
  return {
    ...cell,
    timeoutMs: longer(cell.timeoutMs, slowness),
    deadlineMs: longer(cell.deadlineMs, slowness),
    warmup: Math.min(cell.warmup, warmup),
    containers: fewer(cell.containers).map((container) => ({
      ...container,
      requesters: Math.min(container.requesters, requesters),
    })),
    windows: oneOfEachKind(cell.windows).map(shortWindow),
    expect: relaxed(cell.expect, timedOracles),
  };
}

/** A weakness that is known and expected is measured elsewhere; here it need not show in the little time there is. */
function relaxed<T extends Readonly<Partial<Record<string, Expected>>>>(expect: T, timed: readonly string[] = []): T {
  return Object.fromEntries(
    Object.entries(expect).map(([name, expected]) => [
      name,
      expected === 'violated' || timed.includes(name) ? 'any' : expected,
    ]),
  ) as T;
}

function fewer(containers: readonly ContainerPlan[]): ContainerPlan[] {
  const seen = new Map<string, number>();
  return containers.filter(({ name: _name, ...rest }) => {
    const kind = JSON.stringify(rest);
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count <= alikeContainers;
  });
}

/** The first window of each kind, in order: those of one kind go through the same code. */
function oneOfEachKind(windows: readonly WindowPlan[]): WindowPlan[] {
  const seen = new Set<string>();
  return windows.filter(({ samples, timing = 'each', stages = false, rate, faults = [] }) => {
    const kinds = faults.map(({ name, container }) => `${name} ${container}`);
    const kind = [samples, timing, stages, rate !== undefined, ...kinds].join();
    return !seen.has(kind) && seen.add(kind);
  });
}

function shortWindow(window: WindowPlan): WindowPlan {
  const { faults } = window;
  if (faults === undefined)
    return { ...window, ms: Math.min(window.ms, windowMs), maxRequests: Math.min(window.maxRequests, requests) };
  const { beforeMs, betweenMs, afterMs } = faultyWindow;
  // In their order, and overlapping if they did.
  const moments = [...new Set(faults.flatMap(({ atMs, untilMs }) => [atMs, untilMs]))].sort((a, b) => a - b);
  const moved = (ms: number) => beforeMs + betweenMs * moments.indexOf(ms);
  return {
    ...window,
    ms: moved(moments.at(-1) ?? 0) + afterMs,
    faults: faults.map((fault) => ({ ...fault, atMs: moved(fault.atMs), untilMs: moved(fault.untilMs) })),
  };
}

function longer(ms: number, slowness: number): number {
  return Math.min(Math.round(ms * slowness), mostTimeoutMs);
}

/** Deals a scenario's cells out to the rounds; a round that got none of them takes one all the same. */
function stepsOf(plan: Plan, round: number, rounds: number): Step[] {
  const steps = plan.boots[0]?.steps ?? [];
  const order = steps.flatMap((step) => (step.kind === 'cell' ? [step.cell] : []));
  const cells = order.flatMap((id) => plan.cells.filter((cell) => cell.id === id));
  const scenarios = [...new Set(cells.map(({ scenario }) => scenario))];
  const dealt = scenarios.flatMap((scenario) =>
    share(
      cells.filter((cell) => cell.scenario === scenario),
      round,
      rounds,
    ),
  );
  const floors = steps
    .filter((step) => step.kind === 'floor')
    .map((step) => ({ ...step, iterations: floorIterations }));
  return [
    ...(round === 0 ? floors : []),
    ...dealt.map(({ id }): Step => ({ kind: 'cell', cell: id })),
    // They break things on purpose: last.
    ...shareOfChecks(plan.checks, round, rounds).map(({ id }): Step => ({ kind: 'checks', checks: id })),
  ];
}

function share(cells: readonly CellPlan[], round: number, rounds: number): CellPlan[] {
  const own = cells.filter((_, index) => index % rounds === round);
  const borrowed = cells[round % cells.length];
  return own.length > 0 || borrowed === undefined ? own : [borrowed];
}

function shareOfChecks(blocks: readonly CheckBlock[], round: number, rounds: number): CheckBlock[] {
  return blocks.filter((_, index) => index % rounds === round);
}
