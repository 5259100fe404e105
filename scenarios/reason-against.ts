// SPDX-License-Identifier: MIT
import type { Mechanism } from '../results/plan.ts';
import { checkScenarios } from './checks/index.ts';
import { checksExpectedOf, expectedOf } from './expected.ts';
import { scenarios } from './index.ts';
import { isApplicable } from './types.ts';

/** Why a scenario, of loads or of checks, has nothing to say about a mechanism; undefined if it has, or there is none of that name. */
export function reasonAgainst(name: string, mechanism: Mechanism): string | undefined {
  const load = scenarios.find((each) => each.name === name);
  const checks = checkScenarios.find((each) => each.name === name);
  const said = load !== undefined ? expectedOf(load, mechanism) : checks && checksExpectedOf(checks, mechanism);
  return said === undefined || isApplicable(said) ? undefined : said.notApplicable;
}
