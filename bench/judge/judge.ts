// SPDX-License-Identifier: MIT
/** Judges a stored run: for each cell every oracle its plan names, from what was recorded and nothing else. */
import { bootsOf, cellsInBoot } from '../../results/boots.ts';
import { cellView } from '../../results/cell-view.ts';
import { type Expected, type OracleName, oracleNames } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { cellDimensions, machineDimensions } from '../measure/dimensions.ts';
import { judgeChecks } from './checks.ts';
import { decide, type Oracle, type OracleInput, unknown } from './oracle.ts';
import { oracles } from './oracles/table.ts';
import { type Finding, type Verdict, verdictOf } from './verdict.ts';

export type { Verdict } from './verdict.ts';

/** Pure; one verdict for each cell and oracle, cells in the plan's order, then one for each property of checks. `table` is replaced by tests only. */
export function judge(run: StoredRun, table: Readonly<Record<OracleName, Oracle>> = oracles): Verdict[] {
  const { plan } = run.manifest;
  const boots = bootsOf(plan, run.records);
  const ofCells = plan.cells.flatMap((cell) => {
    const own = boots.filter((boot) => cellsInBoot(plan, boot.plan).includes(cell));
    const input: OracleInput = { cell, views: own.map((boot) => cellView(cell, boot)) };
    const [first] = own;
    const machine = first === undefined ? {} : machineDimensions(plan, first, boots);
    const dimensions = { ...cellDimensions(cell), ...machine, cell: cell.id };
    return oracleNames.flatMap((oracle): Verdict[] => {
      const expected = cell.expect[oracle];
      if (expected === undefined) return [];
      const found = findingOf(table[oracle], input, expected);
      return [{ ...found, oracle, expected, verdict: verdictOf(found.property, expected), dimensions }];
    });
  });
  return [...ofCells, ...judgeChecks(plan, boots)];
}

function findingOf(oracle: Oracle, input: OracleInput, expected: Expected): Finding {
  const ofBoots = () => input.views.map((view) => ask(oracle, { ...input, views: [view] }));
  return decide(ask(oracle, input), ofBoots, expected);
}

/** An oracle that crashes has seen nothing. */
function ask(oracle: Oracle, input: OracleInput): Finding {
  try {
    return oracle(input);
  } catch (error) {
    return unknown(`the oracle failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
