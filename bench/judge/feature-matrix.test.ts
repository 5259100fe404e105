// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { CheckBlock } from '../../results/plan.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import { featureMatrix, featureMatrixSchema, isTried } from './feature-matrix.ts';
import { features } from './features.ts';
import { judge } from './judge.ts';

const test = suite('the feature matrix');

const { mechanism: fd } = aCell();
const stock = { name: 'stock', route: 'init', delivery: 'helper', helper: 'keyutils' } as const;
const checks: CheckBlock[] = [
  {
    id: 'k0',
    mechanism: stock,
    fallback: 'stock',
    scenario: 'killable-requester',
    timeoutMs: 1_000,
    checks: ['killable-requester'],
    expect: { 'killable-requester': 'violated' },
  },
];
const plan = (() => {
  const cells = [aCell({ expect: { 'no-host-helper': 'held', 'no-traffic-in-window': 'held' } })];
  const base = aPlan(cells, 1, {
    checks,
    notApplicable: [{ mechanism: 'stock', scenario: 'setuid-attack', reason: 'no agent is involved' }],
  });
  const step = { kind: 'checks' as const, checks: 'k0' };
  return { ...base, boots: base.boots.map((boot) => ({ ...boot, steps: [...boot.steps, step] })) };
})();

function matrixOf(doctoring: Doctoring = {}) {
  const run = aRun(plan, doctoring);
  return featureMatrix(run, judge(run));
}

const cell = (scenario: string, property: string, mechanism: string, matrix = matrixOf()) => {
  const row = matrix.features.find((each) => each.scenario === scenario && each.property === property);
  return row?.cells.find((each) => each.mechanism === mechanism);
};

test('a row for each property and in it a cell for each mechanism, as the schema has it', () => {
  const matrix = matrixOf();
  assert.ok(featureMatrixSchema.safeParse(matrix).success);
  assert.equal([matrix.mechanisms, matrix.kernel, matrix.run], [['stock', 'keyagent-fd'], '6.1.192-2', 'test-run']);
  for (const { cells } of matrix.features)
    assert.equal(
      cells.map(({ mechanism }) => mechanism),
      matrix.mechanisms,
    );
  assert.is(matrix.features.length, features().length);
});

test('what was seen, what was expected, and the evidence', () => {
  const held = cell('latency', 'no-host-helper', fd.name);
  assert.equal([held?.outcome, held?.expected, held?.verdict], ['held', 'held', 'pass']);
  assert.match(held?.evidence ?? '', /not executed once/);
  const weakness = cell('killable-requester', 'killable-requester', 'stock');
  assert.equal([weakness?.outcome, weakness?.expected, weakness?.verdict], ['violated', 'violated', 'pass']);
});

test('what does not apply, what was not tried and what is not known are three things', () => {
  const outcome = (...where: [string, string, string]) => cell(...where)?.outcome;
  assert.is(outcome('setuid-attack', 'never-served', 'stock'), 'not-applicable');
  assert.match(cell('setuid-attack', 'never-served', 'stock')?.evidence ?? '', 'no agent is involved');
  assert.is(outcome('setuid-attack', 'never-served', fd.name), 'not-measured');
  assert.is(outcome('killable-requester', 'killable-requester', fd.name), 'not-measured');
  const lost = matrixOf({ frame: (frame) => (frame.t === 'check' ? null : frame) });
  assert.is(cell('killable-requester', 'killable-requester', 'stock', lost)?.outcome, 'unknown');
});

test('whether a measurement is to be trusted is no feature', () => {
  assert.is(cell('latency', 'no-traffic-in-window', fd.name), undefined);
  assert.is(cell('killable-requester', 'kernel-log-clean', 'stock'), undefined);
});

test('a property that nobody expected has a row beside those of its scenario', () => {
  const matrix = matrixOf({ frame: (frame) => (frame.t === 'check' ? { ...frame, property: 'novelty' } : frame) });
  const rows = matrix.features.filter(({ scenario }) => scenario === 'killable-requester');
  assert.is(rows.at(-1)?.property, 'novelty');
  assert.is(cell('killable-requester', 'novelty', 'stock', matrix)?.expected, 'any');
});

test('rows that nobody was tried for can be told', () => {
  const tried = matrixOf().features.filter(isTried);
  assert.equal(
    tried.map(({ property }) => property),
    ['no-host-helper', 'killable-requester'],
  );
});

test('every row asks a question', () => {
  for (const { question } of features()) assert.match(question, /\?$/);
  const keys = features().map(({ scenario, property }) => `${scenario} ${property}`);
  assert.is(new Set(keys).size, keys.length);
});

test.run();
