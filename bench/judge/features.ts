// SPDX-License-Identifier: MIT
/** Which properties make up the feature matrix: all that checks report, and of the cells those that a reader compares. */
import type { OracleName } from '../../results/plan.ts';
import { checkScenarios } from '../../scenarios/checks/index.ts';
import { scenarios } from '../../scenarios/index.ts';
import { isApplicable } from '../../scenarios/types.ts';

/** A row of the matrix. */
export interface Feature {
  readonly scenario: string;
  /** An oracle's name, or the property that a check reports. */
  readonly property: string;
  /** The scenario's question. */
  readonly question: string;
}

/** Not among them is what says whether a measurement is to be trusted: that is no property of a mechanism. */
const ofCells: readonly (readonly [scenario: string, OracleName])[] = [
  ['latency', 'right-answerer'],
  ['latency', 'answered-in-own-namespaces'],
  ['latency', 'no-host-helper'],
  ['shared-agent', 'right-answerer'],
  ['agent-kill', 'every-request-ended'],
  ['agent-kill', 'no-host-helper'],
  ['agent-kill', 'recovers'],
  ['agent-kill', 'bystander-unaffected'],
  ['setuid-attack', 'never-served'],
];

/** In the order of the report. What a check reports beyond what is expected of it is not known here. */
export function features(): Feature[] {
  const cells = ofCells.flatMap(([name, property]): Feature[] => {
    const scenario = scenarios.find((each) => each.name === name);
    return scenario === undefined ? [] : [{ scenario: name, property, question: scenario.question }];
  });
  const checks = checkScenarios.flatMap(({ name, question, routes, deliveries = {} }) => {
    const expected = [
      ...Object.values(routes)
        .filter(isApplicable)
        .map(({ expect }) => expect),
      ...Object.values(deliveries),
    ];
    const properties = new Set(
      expected.flatMap((each) => Object.keys(each)).filter((each) => each !== 'notApplicable'),
    );
    return [...properties].map((property): Feature => ({ scenario: name, property, question }));
  });
  return [...cells, ...checks];
}
