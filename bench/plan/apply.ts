// SPDX-License-Identifier: MIT
/** Applies scenarios to mechanisms: what becomes a cell, what a block of checks, and what of it there is no sense in. */
import type { CellPlan, CheckBlock, Plan } from '../../results/plan.ts';
import { checkScenarios } from '../../scenarios/checks/index.ts';
import { checksExpectedOf, expectedOf } from '../../scenarios/expected.ts';
import { scenarios } from '../../scenarios/index.ts';
import {
  type CheckExpectation,
  type CheckScenario,
  isApplicable,
  isLadder,
  type NotApplicable,
  type RouteExpectation,
  type Scenario,
} from '../../scenarios/types.ts';
import { KeystormError } from '../../vm/failure.ts';
import { type MechanismEntry, mechanisms } from '../mechanisms/index.ts';
import { hasAgents } from '../mechanisms/routes.ts';
import { harmOf, harmOfChecks, lackFor, type RunMeans } from './means.ts';
import type { Random } from './random.ts';
import { maxWindows, rateWindows } from './rate-windows.ts';

export interface Applied {
  readonly cells: CellPlan[];
  readonly checks: CheckBlock[];
  readonly notApplicable: Plan['notApplicable'];
}

/** What of the user's choices decides about windows. */
export interface WindowOptions {
  readonly rates?: readonly number[];
  readonly quick: boolean;
  /** Each window so many times in a boot; absent: once. */
  readonly repeat?: number | undefined;
}

/**
 * Each scenario with each mechanism that is asked for; floors come along wherever they apply. Names are known ones. What the
 * scenario says of a mechanism goes before what the run lacks for it.
 */
export function apply(
  askedScenarios: readonly string[],
  askedMechanisms: readonly string[],
  options: WindowOptions,
  means: RunMeans,
  random: Random,
): Applied {
  const cells: Omit<CellPlan, 'id'>[] = [];
  const checks: Omit<CheckBlock, 'id'>[] = [];
  const notApplicable: Plan['notApplicable'] = [];
  const asked = <T extends { readonly name: string }>(all: readonly T[]) =>
    all.filter(({ name }) => askedScenarios.includes(name));
  const leaveOut = (entry: MechanismEntry, scenario: string, { notApplicable: reason }: NotApplicable) => {
    const { name } = entry.mechanism;
    if (askedMechanisms.includes(name)) notApplicable.push({ mechanism: name, scenario, reason });
  };
  for (const scenario of asked(scenarios)) {
    const lack = lackFor(scenario, means);
    for (const entry of mechanisms) {
      const said = expectedOf(scenario, entry.mechanism);
      const route = isApplicable(said) ? (lack ?? harmOf(entry, means) ?? said) : said;
      if (!isApplicable(route)) leaveOut(entry, scenario.name, route);
      else if (entry.floor || askedMechanisms.includes(entry.mechanism.name)) {
        const windows = windowsOf(scenario, entry, options, random);
        cells.push(...makeCells(scenario, entry, judgedOn(means, route), windows));
      }
    }
  }
  for (const scenario of asked(checkScenarios)) {
    const lack = lackFor(scenario, means) ?? harmOfChecks(means);
    for (const entry of mechanisms) {
      const said = checksExpectedOf(scenario, entry.mechanism);
      const route = isApplicable(said) ? (lack ?? said) : said;
      if (!isApplicable(route)) leaveOut(entry, scenario.name, route);
      else if (askedMechanisms.includes(entry.mechanism.name)) checks.push(makeBlock(scenario, entry, route));
    }
  }
  return { cells: numbered('c', cells), checks: numbered('k', checks), notApplicable };
}

/** Packets of a machine that is not ours alone are others' as well, and say nothing of us. */
function judgedOn({ disposable }: RunMeans, route: RouteExpectation): RouteExpectation {
  if (disposable) return route;
  const { 'no-traffic-in-window': _others, ...expect } = route.expect;
  return { ...route, expect };
}

/** Ids are short, and of one length for all: they are part of every key's description, and a longer one is a longer request. */
function numbered<T extends object>(letter: string, all: readonly T[]): (T & { id: string })[] {
  const digits = Math.max(2, String(all.length - 1).length);
  return all.map((each, index) => ({ id: `${letter}${String(index).padStart(digits, '0')}`, ...each }));
}

function windowsOf(
  scenario: Scenario,
  entry: MechanismEntry,
  options: WindowOptions,
  random: Random,
): CellPlan['windows'] {
  const windows = options.quick ? (scenario.quickWindows ?? scenario.windows) : scenario.windows;
  const once = isLadder(windows)
    ? rateWindows(windows, 1e6 / entry.roughRequestUs, options.rates ?? [], random)
    : [...windows];
  const all = Array.from({ length: options.repeat ?? 1 }, () => once).flat();
  if (all.length <= maxWindows) return all;
  throw new KeystormError(
    `${scenario.name} has ${once.length} windows, and a cell may have ${maxWindows}: repeat them less often than ${options.repeat} times.`,
  );
}

/** One, or one for each depth at which the scenario wants its requesters. */
function makeCells(
  scenario: Scenario,
  entry: MechanismEntry,
  route: RouteExpectation,
  windows: CellPlan['windows'],
): Omit<CellPlan, 'id'>[] {
  const agent = hasAgents(entry.mechanism.route) ? (scenario.topology ?? 'own') : 'none';
  const depths = scenario.depths?.map((depth) => ({ depth })) ?? [{}];
  return depths.map((below) => ({
    mechanism: entry.mechanism,
    fallback: route.fallback,
    topology: agent,
    scenario: scenario.name,
    timeoutMs: scenario.timeoutMs,
    deadlineMs: scenario.deadlineMs,
    backoffUs: scenario.backoffUs,
    payloadBytes: [...scenario.payloadBytes],
    requests: scenario.requests ?? { kind: 'fresh', hitPercent: 0 },
    containers: scenario.containers.map((container) => ({ ...container, agent, ...below })),
    warmup: scenario.warmup,
    windows,
    expectedErrors: [...(route.expectedErrors ?? scenario.expectedErrors)],
    ...(scenario.bystanderFactor === undefined ? {} : { bystanderFactor: scenario.bystanderFactor }),
    expect: route.expect,
  }));
}

function makeBlock(
  scenario: CheckScenario,
  { mechanism }: MechanismEntry,
  route: CheckExpectation,
): Omit<CheckBlock, 'id'> {
  return {
    mechanism,
    fallback: route.fallback,
    scenario: scenario.name,
    timeoutMs: scenario.timeoutMs,
    checks: [...scenario.checks],
    ...(scenario.faults === undefined ? {} : { faults: [...scenario.faults] }),
    expect: { ...route.expect },
  };
}
