// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { CellPlan, CheckBlock } from '../../results/plan.ts';
import { aFaultCell, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { faultsIn } from '../../scenarios/faults/in-scenario.ts';
import { faults } from '../../scenarios/faults/index.ts';
import { rows } from '../../scenarios/faults/rows.ts';
import { allScenarios } from '../../scenarios/index.ts';
import { suite } from '../testing/suite.ts';
import { type FaultCell, faultMatrix, faultMatrixSchema } from './fault-matrix.ts';
import { judge } from './judge.ts';

const test = suite('the matrix of faults');

const killed = aFaultCell({ scenario: 'agent-kill', expect: { 'fault-took-effect': 'held', recovers: 'held' } });

/** What came of row 1 in a run of this cell. */
function rowOf(cell: CellPlan, doctoring: Doctoring = {}, checks: CheckBlock[] = []): FaultCell {
  const run = aRun(aPlan([cell], 1, { checks }), doctoring);
  const matrix = faultMatrix(run, judge(run));
  assert.ok(faultMatrixSchema.safeParse(matrix).success);
  assert.equal(matrix.rows.length, rows.length);
  return matrix.rows[0]?.cells[0] as FaultCell;
}

test('what held has survived, with its hits', () => {
  const { mechanism, outcome, hits, evidence } = rowOf(killed);
  assert.equal([mechanism, outcome, hits, evidence.length], ['keyagent-fd', 'survived', 1, 1]);
});

test('what was expected is a weakness, what was not is none, and what hit nothing shows nothing', () => {
  const notAgain: Doctoring = {
    frame: (frame) =>
      frame.t === 'samples' && frame.index === 1
        ? { ...frame, rows: frame.rows.map(([at, latency, , agent, worker]) => [at, latency, 126, agent, worker]) }
        : frame,
  };
  const weak = { ...killed, expect: { 'fault-took-effect': 'held', recovers: 'violated' } } as const;
  assert.is(rowOf(killed, notAgain).outcome, 'failed');
  assert.is(rowOf(weak, notAgain).outcome, 'weak');
  assert.match(rowOf(weak, notAgain).evidence[0] ?? '', /^recovers violated, as expected: /);
  const missed: Doctoring = { frame: (frame) => (frame.t === 'fault' ? { ...frame, hits: 0 } : frame) };
  assert.equal([rowOf(killed, missed).outcome, rowOf(killed, missed).hits], ['missed', 0]);
  const late: Doctoring = {
    frame: (frame) => (frame.t === 'fault' ? { ...frame, hits: 0, mono_before: frame.mono_before + 3_600e9 } : frame),
  };
  const tooLate = rowOf(killed, late);
  assert.equal([tooLate.outcome, tooLate.hits], ['unknown', null]);
  assert.is(rowOf(killed, { panicBefore: ({ t }) => t === 'cell' }).outcome, 'unknown');
});

test('what may be either way is no weakness', () => {
  const run = aRun(aPlan([killed], 1));
  for (const [expected, outcome] of [
    ['any', 'survived'],
    ['violated', 'weak'],
  ] as const) {
    const verdicts = judge(run).map((each) =>
      each.oracle === 'recovers' ? ({ ...each, property: 'violated', expected, verdict: 'pass' } as const) : each,
    );
    assert.is(faultMatrix(run, verdicts).rows[0]?.cells[0]?.outcome, outcome);
  }
});

test('a row does not apply only where none of its scenarios does', () => {
  const plan = aPlan([aFaultCell({ scenario: 'latency', windows: aFaultCell().windows.slice(0, 1) })], 1);
  const { scenarios = [] } = faultMatrix(aRun(plan), []).rows[0] ?? {};
  const leftOut = (names: readonly string[]) => {
    const notApplicable = names.map((scenario) => ({ mechanism: 'keyagent-fd', scenario, reason: 'nobody can' }));
    return faultMatrix(aRun({ ...plan, notApplicable }), []).rows[0]?.cells[0];
  };
  assert.equal(leftOut(scenarios)?.outcome, 'not-applicable');
  assert.equal(leftOut(scenarios)?.evidence, ['nobody can']);
  assert.equal(leftOut(scenarios.slice(1))?.outcome, 'not-measured');
  assert.equal(leftOut(scenarios.slice(1))?.evidence, [`not run: ${scenarios[0]}`]);
});

test('what a mechanism lacks without a fault too is nothing that the fault brought about', () => {
  const mechanism = { name: 'stock', route: 'init', delivery: 'helper', helper: 'keyutils' } as const;
  const expect = { 'fault-took-effect': 'held', 'no-host-helper': 'violated' } as const;
  const cell = { ...killed, mechanism, expect };
  const spawned: Doctoring = {
    frame: (frame) => (frame.t === 'counters' ? { ...frame, delta: { ...frame.delta, helper_execs: 9 } } : frame),
  };
  const { outcome, evidence } = rowOf(cell, spawned);
  assert.is(outcome, 'survived');
  assert.is(evidence.at(-1), 'without a fault, too, violated as expected: no-host-helper');
});

test('what was not run is not measured, and no row is without a word', () => {
  const run = aRun(aPlan([killed], 1));
  const untried = faultMatrix(run, judge(run)).rows.filter(({ row }) => row !== 1);
  for (const { cells } of untried) {
    for (const { outcome, evidence } of cells) {
      assert.ok(['not-measured', 'not-applicable'].includes(outcome));
      assert.is(evidence.length, 1);
    }
  }
});

test('faults have names of their own, stand for rows that there are, and scenarios inject only such', () => {
  assert.is(new Set(faults.map(({ name }) => name)).size, faults.length);
  const known = rows.map(({ row }) => row);
  for (const fault of faults) for (const row of fault.rows) assert.ok(known.includes(row), fault.name);
  const injected = allScenarios.flatMap(faultsIn);
  for (const name of injected)
    assert.ok(
      faults.some((fault) => fault.name === name),
      name,
    );
});

test.run();
