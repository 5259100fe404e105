// SPDX-License-Identifier: MIT
import {
  type BootPlan,
  type CellPlan,
  type CheckBlock,
  type Plan,
  planChecker,
  planSchemaName,
  type Step,
} from '../../results/plan.ts';
import { checkScenarios } from '../../scenarios/checks/index.ts';
import { allScenarios } from '../../scenarios/index.ts';
import { KeystormError } from '../../vm/failure.ts';
import { defaultMechanisms, findMechanism, mechanisms } from '../mechanisms/index.ts';
import { asksAgents, hasAgents } from '../mechanisms/routes.ts';
import { type Applied, apply } from './apply.ts';
import { usualSmp } from './choices.ts';
import { choose } from './choose.ts';
import { runsIn } from './parts.ts';
import { type Random, randomOf } from './random.ts';

/** What a user may choose about a plan. */
export interface PlanOptions {
  /** Names, perhaps with commas; empty means the default ones. Floors come along by themselves. */
  readonly mechanisms: readonly string[];
  /** Names, `all` or `checks`; empty means those of a standard run, or with `quick` of a quick one. */
  readonly scenarios: readonly string[];
  /** Starts in a second in place of those that open-loop scenarios name; empty or absent: theirs. */
  readonly rates?: readonly number[];
  readonly kernel: string;
  /** The folder of a kernel's build tree, absolute; then `kernel` is `ownTreeName`. */
  readonly kernelTree?: string | undefined;
  /** Kernel modules of this commit of the checkout; absent: of its working tree. */
  readonly moduleCommit?: string | undefined;
  /** Of what makes no difference, how it is arranged; absent: as usual. */
  readonly arrangement?: number | undefined;
  /** Agents are busy for so long before each answer, a known difference on purpose; absent: they are not. */
  readonly agentDelayNs?: number | undefined;
  /** The module executes so many instructions in vain in each upcall, likewise; absent: none. */
  readonly pathInstructions?: number | undefined;
  readonly machine: string;
  /** Absent: 'auto'. */
  readonly accelerator?: Plan['accelerator'] | undefined;
  /** By what guests measure; absent: the host's time. */
  readonly clock?: Plan['clock'] | undefined;
  /** Virtual processors; absent: one. */
  readonly smp?: number | undefined;
  /** Whether the kernel can be told to let an allocation fail; absent: no. */
  readonly allocationsFail?: boolean | undefined;
  /** Whether the machine may be thrown away; absent: yes. */
  readonly disposable?: boolean | undefined;
  /** Independent boots; each measures every cell once. */
  readonly boots: number;
  readonly seed: number;
  /** Fewer and shorter windows: a smoke test of everything, whose figures are not meant to be compared. */
  readonly quick: boolean;
  /** Each window so many times in each boot, for a host on which too few requests end; absent: once. */
  readonly repeat?: number | undefined;
}

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
/** Beside the names of scenarios: what `--scenario` takes. */
export const scenarioGroups = { all: runsIn('all'), checks: checkScenarios.map(({ name }) => name) } as const;
const scenarioNames = allScenarios.map((scenario) => scenario.name);

/**
 * Everything that will be done, decided now: the same options always give the same plan.
 * @throws KeystormError (2) for an unknown name, or when no mechanism asked for has anything to do.
 */
export function makePlan(options: PlanOptions): Plan {
  const byDefault = runsIn(options.quick ? 'quick' : 'bench');
  const askedScenarios = choose('scenario', scenarioNames, options.scenarios, byDefault, scenarioGroups);
  const askedMechanisms = choose('mechanism', mechanismNames, options.mechanisms, defaultMechanisms);
  const random = randomOf(options.seed);
  const { smp = usualSmp, allocationsFail = false, disposable = true } = options;
  const means = { smp, allocationsFail, ownTree: options.kernelTree !== undefined, disposable };
  const applied = apply(askedScenarios, askedMechanisms, options, means, random);
  demandSomething(applied, askedScenarios, askedMechanisms, options);
  const { checks, notApplicable } = applied;
  const cells = applied.cells
    .map((cell) => sampled(cell, options.clock))
    .map((cell) => longer(delayed(cell, options.agentDelayNs), options.pathInstructions));
  return planChecker().parse({
    schema: planSchemaName,
    seed: options.seed,
    machine: options.machine,
    accelerator: options.accelerator ?? 'auto',
    kernel: options.kernel,
    ...(options.kernelTree === undefined ? {} : { kernelTree: options.kernelTree }),
    ...(options.moduleCommit === undefined ? {} : { moduleCommit: options.moduleCommit }),
    ...(options.arrangement === undefined ? {} : { arrangement: options.arrangement }),
    clock: options.clock ?? 'wall',
    smp,
    memoryMiB,
    cells,
    checks,
    // What is only checked has nothing to ask of a second boot.
    boots: Array.from({ length: cells.length > 0 ? options.boots : 1 }, (_, index) =>
      makeBoot(index, cells, checks, random),
    ),
    notApplicable,
  } satisfies Plan);
}

/** Where instructions are counted each request's count is kept: a histogram's buckets are wider than what is looked for. */
function sampled(cell: CellPlan, clock: Plan['clock'] | undefined): CellPlan {
  if (clock !== 'icount') return cell;
  const windows = cell.windows.map((window) => ({ ...window, samples: window.samples || window.timing !== 'batch' }));
  return { ...cell, windows };
}

/** Whoever has no agent has nobody to be delayed. */
function delayed(cell: CellPlan, agentDelayNs: number | undefined): CellPlan {
  return agentDelayNs === undefined || !hasAgents(cell.mechanism.route) ? cell : { ...cell, agentDelayNs };
}

/** Only where our own module has an agent asked there is a path to be made longer. */
function longer(cell: CellPlan, pathInstructions: number | undefined): CellPlan {
  return pathInstructions === undefined || !asksAgents(cell.mechanism.route) ? cell : { ...cell, pathInstructions };
}

function demandSomething(
  { cells, checks, notApplicable }: Applied,
  askedScenarios: readonly string[],
  askedMechanisms: readonly string[],
  { rates = [] }: PlanOptions,
): void {
  // Floors come along wherever they apply: alone they are what was asked for only where nothing else was.
  const onlyFloors = askedMechanisms.every((name) => findMechanism(name)?.floor === true);
  const own = onlyFloors ? cells : cells.filter(({ mechanism }) => findMechanism(mechanism.name)?.floor !== true);
  if (own.length + checks.length === 0) {
    const lines = new Map<string, string[]>();
    for (const { mechanism, scenario, reason } of notApplicable) {
      const line = `${scenario}: ${reason}`;
      lines.set(line, [...(lines.get(line) ?? []), mechanism]);
    }
    const why = [...lines].map(([line, names]) => `${names.join(', ')} in ${line}`).join('; ');
    throw new KeystormError(`Nothing of what was asked for applies (${why}); choose other mechanisms or scenarios.`);
  }
  if (rates.length > 0 && !own.some(({ windows }) => windows.some(({ rate }) => rate !== undefined)))
    throw new KeystormError(`Rates were asked for, but ${askedScenarios.join(', ')} has no open loop; add open-loop.`);
}

/**
 * One boot: the floors, then every cell once, in an order of its own, so that neither what ran before nor the age of the
 * guest favours a mechanism. Ratios are taken within a boot, so each boot is a block. What is checked is a yes or no: it is asked
 * once in a run, of its first boot, after all that is measured there, for checks break things on purpose.
 */
function makeBoot(index: number, cells: readonly CellPlan[], checks: readonly CheckBlock[], random: Random): BootPlan {
  const seed = random.int();
  const order = random.shuffle(cells).map((cell): Step => ({ kind: 'cell', cell: cell.id }));
  const asked = index > 0 ? [] : random.shuffle(checks).map((block): Step => ({ kind: 'checks', checks: block.id }));
  return { index, block: index, seed, steps: [...floorSteps, ...order, ...asked] };
}
