// SPDX-License-Identifier: MIT
/**
 * The plan of a stress session: one boot, containers under a steady load, and faults that come and go. A run like any other, so it is
 * recorded, judged, reported and repeated like any other.
 */
import type { BootPlan, CellPlan, ContainerPlan, Plan, WindowPlan } from '../../results/plan.ts';
import { planSchemaName } from '../../results/plan.ts';
import { agentExpectation, initExpectation, nsenterExpectation, rfcExpectation } from '../../scenarios/common.ts';
import type { RouteExpectation } from '../../scenarios/types.ts';
import { KeystormError } from '../../vm/failure.ts';
import { findMechanism } from '../mechanisms/index.ts';
import { hasAgents, isFloor } from '../mechanisms/routes.ts';
import { harmOf } from '../plan/means.ts';
import { type Random, randomOf } from '../plan/random.ts';
import { drawFaults, errorsOf, possibleFaults } from './draw.ts';
import { paceOf, windowMs } from './pace.ts';

export interface StressOptions {
  readonly mechanisms: readonly string[];
  readonly kernel: string;
  readonly kernelTree?: string | undefined;
  readonly machine: string;
  readonly accelerator: Plan['accelerator'];
  readonly seed: number;
  /** How long there is load, in ms. */
  readonly forMs: number;
  readonly containers: number;
  /** Requests begun in a second in each container. */
  readonly rate: number;
  /** Names of faults to draw from; 'random': all that are possible; 'none'. */
  readonly faults: 'random' | 'none' | readonly string[];
  readonly smp: number;
  /** How many times longer than usual the kernel takes for anything, at least 1. */
  readonly slowness: number;
  /** The machine may be thrown away; absent: yes. */
  readonly disposable?: boolean | undefined;
}

/** As many as a cell may have. */
const mostWindows = 256;
/** Mechanisms take turns of about a minute. */
const windowsOfATurn = 12;
const requestersEach = 4;
/** Each request is kept where there are not more of them than that in a window. */
const mostSamples = 4_000;
/** On a usual kernel, in ms. */
const timeoutMs = 4_000;
const deadlineMs = 10_000;

/** @throws KeystormError (2) for what does not exist or does not go together. */
export function makeStressPlan(options: StressOptions): Plan {
  const { seed, kernel, kernelTree, machine, accelerator, smp, containers } = options;
  const random = randomOf(seed);
  const cells = makeCells(options, random);
  const floor: BootPlan['steps'][number] = { kind: 'floor', floor: 'eventfd', iterations: 500 };
  return {
    schema: planSchemaName,
    seed,
    machine,
    accelerator,
    kernel,
    ...(kernelTree === undefined ? {} : { kernelTree }),
    clock: 'wall',
    smp,
    // A container with its agent and requesters takes some 15 MiB.
    memoryMiB: 512 + Math.max(0, containers - 8) * 16,
    cells,
    checks: [],
    boots: [
      {
        index: 0,
        block: 0,
        seed: random.int(),
        steps: [floor, ...cells.map(({ id }) => ({ kind: 'cell' as const, cell: id }))],
      },
    ],
    notApplicable: [],
  };
}

function makeCells(options: StressOptions, random: Random): CellPlan[] {
  const { mechanisms, forMs } = options;
  const turn = mechanisms.length === 1 ? mostWindows : windowsOfATurn;
  const cells: CellPlan[] = [];
  for (let left = Math.max(1, Math.round(forMs / windowMs)); left > 0; ) {
    const windows = Math.min(left, turn);
    const name = mechanisms[cells.length % mechanisms.length] as string;
    cells.push(makeCell(`s${String(cells.length).padStart(3, '0')}`, name, windows, options, random));
    left -= windows;
  }
  return cells;
}

function makeCell(id: string, name: string, count: number, options: StressOptions, random: Random): CellPlan {
  const entry = findMechanism(name);
  const mechanism = entry?.mechanism;
  if (entry === undefined || mechanism === undefined || isFloor(mechanism.route))
    throw new KeystormError(`There is nothing to put under stress in '${name}': name a mechanism that is no floor.`);
  const { containers, rate, smp, faults, slowness, disposable = true } = options;
  const harm = harmOf(entry, { disposable });
  if (harm !== undefined) throw new KeystormError(`${name} is not for this machine: ${harm.notApplicable}.`);
  const pace = paceOf(slowness);
  const all = possibleFaults(mechanism, smp, rate, pace, disposable);
  const possible =
    faults === 'none' ? [] : faults === 'random' ? all : all.filter((each) => faults.includes(each.name));
  if (possible.length === 0 && faults !== 'none')
    throw new KeystormError(
      `None of these faults can be injected with ${name}: it knows ${all.map((each) => each.name).join(', ')}.`,
    );
  const people = makeContainers(containers, hasAgents(mechanism.route) ? 'own' : 'none');
  const victims = people.filter(({ role }) => role === 'victim').map((each) => each.name);
  const maxRequests = Math.ceil((rate * windowMs) / 1_000) + 1;
  const windows = Array.from({ length: count }, (): WindowPlan => {
    const drawn = drawFaults(possible, victims, random, pace);
    const samples = maxRequests * containers <= mostSamples;
    return { ms: windowMs, maxRequests, samples, rate, ...(drawn === undefined ? {} : { faults: drawn }) };
  });
  return {
    id,
    mechanism,
    fallback: hasAgents(mechanism.route) && mechanism.route !== 'session-rfc' ? 'refuse' : 'stock',
    topology: hasAgents(mechanism.route) ? 'own' : 'none',
    scenario: 'stress',
    // Longer than any fault, so that what waited for one is served; far longer than a busy host makes anybody wait.
    timeoutMs: timeoutMs * slowness,
    deadlineMs: deadlineMs * slowness,
    backoffUs: 2_000,
    payloadBytes: [256],
    requests: { kind: 'fresh', hitPercent: 0 },
    containers: people,
    warmup: 2,
    windows,
    expectedErrors: errorsOf(possible),
    expect: expectationOf(
      mechanism.route,
      windows.some((window) => window.faults !== undefined),
    ),
  };
}

/** The last of several is left in peace: what its neighbours' faults cost it is to be seen. */
function makeContainers(count: number, agent: ContainerPlan['agent']): ContainerPlan[] {
  return Array.from({ length: count }, (_, i): ContainerPlan => {
    const role = count > 1 && i === count - 1 ? 'bystander' : 'victim';
    return {
      name: role === 'bystander' ? 'bystander' : `victim-${i}`,
      requesters: requestersEach,
      agent,
      agentUid: 0,
      requesterUid: 0,
      setuid: false,
      role,
    };
  });
}

/**
 * What holds whatever is done. How many upcalls there were is not known of agents that die; and nothing is measured here that a
 * packet could disturb.
 */
function expectationOf(route: CellPlan['mechanism']['route'], faulty: boolean): RouteExpectation['expect'] {
  const took = faulty ? ({ 'fault-took-effect': 'held' } as const) : {};
  const undisturbed = 'no-traffic-in-window';
  const { 'upcalls-as-expected': _upcalls, [undisturbed]: _packets, ...agents } = agentExpectation;
  const { [undisturbed]: _ofInit, ...init } = initExpectation;
  const { [undisturbed]: _ofNsenter, ...nsenter } = nsenterExpectation;
  const { [undisturbed]: _ofRfc, ...rfc } = rfcExpectation;
  if (route === 'init') return { ...init, ...took };
  if (route === 'nsenter') return { ...nsenter, ...took };
  if (route !== 'session-rfc') return { ...agents, ...took };
  // A dead agent's requests hang or escape to the host: which, is chance.
  const open = ['every-request-ended', 'within-deadline', 'right-answerer', 'answered-in-own-namespaces'] as const;
  const escapes = ['no-host-helper', 'host-helper-spawns', 'no-stuck-keys', 'expected-errors'] as const;
  const any = Object.fromEntries([...open, ...escapes].map((oracle) => [oracle, faulty ? 'any' : 'held'] as const));
  return { ...rfc, ...any, ...took };
}
