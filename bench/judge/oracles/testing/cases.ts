// SPDX-License-Identifier: MIT
/**
 * What is tried of every oracle: it holds on a clean run, fires on one that was doctored, and says unknown when frames are missing.
 * The cases themselves are in a test beside the oracles, one for each group.
 */
import * as assert from 'uvu/assert';
import { type CellPlan, type OracleName, oracleNames } from '../../../../results/plan.ts';
import { aFaultCell, aPlan } from '../../../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../../../results/testing/runs.ts';
import type { Suite } from '../../../testing/suite.ts';
import { judge } from '../../judge.ts';
import type { Finding } from '../../verdict.ts';

export interface Case {
  readonly cell: CellPlan;
  /** What a run must be like for the oracle to hold; clean if absent. */
  readonly clean?: Doctoring;
  readonly fires: readonly (readonly [Doctoring, RegExp])[];
  readonly unknown: readonly (readonly [Doctoring, RegExp])[];
  /** It rests on a count that was reported. All others rest on nothing bad having been reported, so no frame may be lost. */
  readonly restsOnOneFrame?: true;
}

/** Which test has an oracle's cases: `requests.test.ts` and so on. The type demands that none is missing. */
const groupOf = {
  'every-request-ended': 'requests',
  'within-deadline': 'requests',
  'right-answerer': 'requests',
  'answered-in-own-namespaces': 'requests',
  'expected-errors': 'requests',
  'never-served': 'requests',
  'no-host-helper': 'upcalls',
  'host-helper-spawns': 'upcalls',
  'upcalls-as-expected': 'upcalls',
  'fault-took-effect': 'faults',
  recovers: 'faults',
  'bystander-unaffected': 'faults',
  'no-stuck-keys': 'kernel',
  'kernel-log-clean': 'kernel',
  'module-unloads': 'kernel',
  'no-traffic-in-window': 'windows',
  'stages-add-up': 'windows',
} as const satisfies Readonly<Record<OracleName, string>>;
type Group = (typeof groupOf)[OracleName];
type OfGroup<G extends Group> = { [O in OracleName]: (typeof groupOf)[O] extends G ? O : never }[OracleName];

/** A victim of a fault, and a bystander: the cell of most cases. */
export const faulty = aFaultCell();

/** What an oracle finds of a run of the cell. */
export function found(oracle: OracleName, cell: CellPlan, doctoring: Doctoring = {}): Finding {
  const run = aRun(aPlan([{ ...cell, expect: { ...cell.expect, [oracle]: 'any' } }]), doctoring);
  const verdict = judge(run).find((v) => v.oracle === oracle);
  if (verdict === undefined) throw new Error(`${oracle} was not judged`);
  return verdict;
}

/** Registers the tests of a group's oracles, each of which must have its case. */
export function testCases<G extends Group>(test: Suite, group: G, cases: Readonly<Record<OfGroup<G>, Case>>): void {
  for (const oracle of oracleNames) {
    if (groupOf[oracle] === group) testCase(test, oracle, cases[oracle as OfGroup<G>]);
  }
}

function testCase(test: Suite, oracle: OracleName, { cell, clean, fires, unknown, restsOnOneFrame }: Case): void {
  test(`${oracle} holds on a clean run`, () => {
    const { property, evidence } = found(oracle, cell, clean);
    assert.is(property, 'held', evidence);
    assert.match(evidence, /^boot 0: .+; held in all 2 boots$/);
  });

  test(`${oracle} is violated by one boot that shows it, and says which`, () => {
    for (const [doctoring, evidence] of fires) {
      const finding = found(oracle, cell, doctoring);
      assert.match(finding.evidence, evidence);
      assert.is(finding.property, 'violated', finding.evidence);
      assert.match(finding.evidence, /^boot 1: /);
    }
  });

  test(`${oracle} is unknown when what it needs is missing`, () => {
    for (const [doctoring, evidence] of unknown) {
      const finding = found(oracle, cell, doctoring);
      assert.match(finding.evidence, evidence);
      assert.is(finding.property, 'unknown', finding.evidence);
    }
  });

  if (restsOnOneFrame) return;
  test(`${oracle} is not held when any frame of a boot was lost`, () => {
    const run = aRun(aPlan([{ ...cell, expect: { ...cell.expect, [oracle]: 'held' } }]), clean ?? {});
    const lost = run.records.findIndex(({ kind, boot }) => kind === 'frame' && boot === 1) + 3;
    const records = run.records.filter((_, i) => i !== lost);
    const verdict = judge({ ...run, records, status: 'incomplete' }).find((v) => v.oracle === oracle);
    assert.is(verdict?.property, 'unknown', verdict?.evidence);
    assert.match(verdict?.evidence ?? '', /frames were lost or garbled/);
  });
}
