// SPDX-License-Identifier: MIT
import { type BootPlan, type CellPlan, type Plan, planSchema, planSchemaName, type Step } from '../../results/plan.ts';
import { scenarios } from '../../scenarios/index.ts';
import {
  isApplicable,
  isLadder,
  type NotApplicable,
  type RouteExpectation,
  type Scenario,
} from '../../scenarios/types.ts';
import { KeystormError } from '../../vm/failure.ts';
import { type MechanismEntry, mechanisms } from '../mechanisms/index.ts';
import { choose } from './choose.ts';
import { runsIn } from './parts.ts';
import { type Random, randomOf } from './random.ts';
import { rateWindows } from './rate-windows.ts';

/** What a user may choose about a plan. */
export interface PlanOptions {
  /** Names, perhaps with commas; empty means all. Floors come along by themselves. */
  readonly mechanisms: readonly string[];
  /** Names; empty means those of a standard run, or with `quick` of a quick one. */
  readonly scenarios: readonly string[];
  /** Starts in a second in place of those that open-loop scenarios name; empty or absent: theirs. */
  readonly rates?: readonly number[];
  readonly kernel: string;
  readonly machine: string;
  /** Absent: 'auto'. */
  readonly accelerator?: Plan['accelerator'] | undefined;
  /** Independent boots; each measures every cell once. */
  readonly boots: number;
  readonly seed: number;
  /** Fewer and shorter windows: a smoke test of everything, whose figures are not meant to be compared. */
  readonly quick: boolean;
}

/** Under TCG latency is measured on one vCPU: a wake-up between two costs more than a whole upcall. */
const smp = 1;
/** The guest's root lives in its memory (about 40 MB), and each container takes about half a megabyte. */
const memoryMiB = 512;

/** In the order in which they are measured, and with enough iterations for a p90 at the least. */
const floorSteps: readonly Step[] = [
  { kind: 'floor', floor: 'syscall', iterations: 20_000 },
  { kind: 'floor', floor: 'add_key', iterations: 2_000 },
  { kind: 'floor', floor: 'eventfd', iterations: 2_000 },
  { kind: 'floor', floor: 'vfork_exec', iterations: 200 },
];

const mechanismNames = mechanisms.map((entry) => entry.mechanism.name);
const scenarioNames = scenarios.map((scenario) => scenario.name);

/**
 * Everything that will be done, decided now: the same options always give the same plan.
 * @throws KeystormError (2) for an unknown name, or when no mechanism asked for has anything to do.
 */
export function makePlan(options: PlanOptions): Plan {
  const byDefault = runsIn(options.quick ? 'quick' : 'bench');
  const askedScenarios = choose('scenario', scenarioNames, options.scenarios, byDefault, runsIn('all'));
  const askedMechanisms = choose('mechanism', mechanismNames, options.mechanisms);
  const random = randomOf(options.seed);
  const { cells, notApplicable } = makeCells(askedScenarios, askedMechanisms, options, random);
  return planSchema.parse({
    schema: planSchemaName,
    seed: options.seed,
    machine: options.machine,
    accelerator: options.accelerator ?? 'auto',
    kernel: options.kernel,
    clock: 'wall',
    smp,
    memoryMiB,
    cells,
    boots: Array.from({ length: options.boots }, (_, index) => makeBoot(index, cells, random)),
    notApplicable,
  } satisfies Plan);
}

/** Scenario × mechanism, and what of it there is no sense in, with the reason. */
function makeCells(
  askedScenarios: readonly string[],
  askedMechanisms: readonly string[],
  options: PlanOptions,
  random: Random,
) {
  const cells: CellPlan[] = [];
  const notApplicable: Plan['notApplicable'] = [];
  for (const scenario of scenarios.filter((each) => askedScenarios.includes(each.name))) {
    for (const entry of mechanisms) {
      const named = askedMechanisms.includes(entry.mechanism.name);
      const route = expectationOf(scenario, entry);
      if (isApplicable(route) && (named || entry.floor)) {
        cells.push(makeCell(cellId(cells.length), scenario, entry, route, windowsOf(scenario, entry, options, random)));
      } else if (!isApplicable(route) && named) {
        const { name } = entry.mechanism;
        notApplicable.push({ mechanism: name, scenario: scenario.name, reason: route.notApplicable });
      }
    }
  }
  if (cells.length === 0) {
    const why = notApplicable.map((each) => `${each.mechanism} in ${each.scenario}: ${each.reason}`).join('; ');
    throw new KeystormError(`Nothing of what was asked for applies (${why}); choose other mechanisms or scenarios.`);
  }
  if ((options.rates?.length ?? 0) > 0 && !cells.some(({ windows }) => windows.some(({ rate }) => rate !== undefined)))
    throw new KeystormError(`Rates were asked for, but ${askedScenarios.join(', ')} has no open loop; add open-loop.`);
  return { cells, notApplicable };
}

function expectationOf({ routes, except }: Scenario, { mechanism }: MechanismEntry): RouteExpectation | NotApplicable {
  const reason = except?.[mechanism.name];
  return reason === undefined ? routes[mechanism.route] : { notApplicable: reason };
}

function windowsOf(
  scenario: Scenario,
  entry: MechanismEntry,
  options: PlanOptions,
  random: Random,
): CellPlan['windows'] {
  const windows = options.quick ? (scenario.quickWindows ?? scenario.windows) : scenario.windows;
  if (!isLadder(windows)) return [...windows];
  return rateWindows(windows, 1e6 / entry.roughRequestUs, options.rates ?? [], random);
}

/** Short, and of one length for all: it is part of every key's description, and a longer one is a longer request. */
function cellId(index: number): string {
  return `c${String(index).padStart(2, '0')}`;
}

function makeCell(
  id: string,
  scenario: Scenario,
  entry: MechanismEntry,
  route: RouteExpectation,
  windows: CellPlan['windows'],
): CellPlan {
  const agent = entry.mechanism.route === 'session' ? (scenario.topology ?? 'own') : 'none';
  return {
    id,
    mechanism: entry.mechanism,
    fallback: route.fallback,
    topology: agent,
    scenario: scenario.name,
    timeoutMs: scenario.timeoutMs,
    deadlineMs: scenario.deadlineMs,
    backoffUs: scenario.backoffUs,
    payloadBytes: [...scenario.payloadBytes],
    requests: scenario.requests ?? { kind: 'fresh', hitPercent: 0 },
    containers: scenario.containers.map((container) => ({ ...container, agent })),
    warmup: scenario.warmup,
    windows,
    expectedErrors: [...scenario.expectedErrors],
    ...(scenario.bystanderFactor === undefined ? {} : { bystanderFactor: scenario.bystanderFactor }),
    expect: route.expect,
  };
}

/**
 * One boot: the floors, then every cell once, in an order of its own, so that neither what ran before nor the age of the
 * guest favours a mechanism. Ratios are taken within a boot, so each boot is a block.
 */
function makeBoot(index: number, cells: readonly CellPlan[], random: Random): BootPlan {
  const seed = random.int();
  const order = random.shuffle(cells).map((cell): Step => ({ kind: 'cell', cell: cell.id }));
  return { index, block: index, seed, steps: [...floorSteps, ...order] };
}
