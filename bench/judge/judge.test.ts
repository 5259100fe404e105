// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { oracleNames } from '../../results/plan.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import { judge } from './judge.ts';
import { finding, type Oracle, overBoots } from './oracle.ts';
import { oracles } from './oracles/table.ts';
import { exitCodeOf, hasFailure, overallVerdict } from './outcome.ts';
import { type Property, type Verdict, verdictOf } from './verdict.ts';

const test = suite('judge');

const always =
  (property: Property): Oracle =>
  () =>
    finding(property, 'because');

test('there is an oracle for every name a plan can use', () => {
  assert.equal(Object.keys(oracles).sort(), [...oracleNames].sort());
});

test('only the oracles a cell names are judged, for each cell, with its dimensions', () => {
  const cells = [
    aCell({ expect: { 'no-stuck-keys': 'held' } }),
    aCell({ id: 'c1', expect: { recovers: 'any', 'never-served': 'violated' } }),
  ];
  const verdicts = judge(aRun(aPlan(cells)));
  assert.equal(
    verdicts.map(({ dimensions, oracle }) => `${dimensions.cell} ${oracle}`),
    ['c0 no-stuck-keys', 'c1 never-served', 'c1 recovers'],
  );
  const { cell, mechanism, kernel, scenario } = verdicts[0]?.dimensions ?? {};
  assert.equal([cell, mechanism, kernel, scenario], ['c0', 'keyagent-fd', '6.1.192-2', 'latency']);
});

test('a boot that does not run a cell is not asked about it', () => {
  const plan = aPlan([aCell({ expect: { 'no-stuck-keys': 'held' } }), aCell({ id: 'c1' })]);
  const boots = plan.boots.map((boot, i) =>
    i === 0 ? boot : { ...boot, steps: boot.steps.filter((s) => s.kind !== 'cell' || s.cell !== 'c0') },
  );
  const [verdict] = judge(aRun({ ...plan, boots }));
  assert.is(verdict?.property, 'held');
  assert.not.match(verdict?.evidence ?? '', 'all');
});

test('an oracle that throws is unknown, with what it said, and the others are judged', () => {
  const table = {
    ...oracles,
    recovers: () => {
      throw new Error('a slip');
    },
  };
  const verdicts = judge(aRun(aPlan([aCell({ expect: { recovers: 'held', 'no-stuck-keys': 'held' } })])), table);
  const recovers = verdicts.find(({ oracle }) => oracle === 'recovers');
  assert.is(recovers?.property, 'unknown');
  assert.is(recovers?.verdict, 'unknown');
  assert.match(recovers?.evidence ?? '', 'the oracle failed: a slip');
  assert.is(verdicts.find(({ oracle }) => oracle === 'no-stuck-keys')?.verdict, 'pass');
});

test('what was seen is set against what was expected', () => {
  const table: [Property, 'held' | 'violated' | 'any', Verdict['verdict']][] = [
    ['held', 'held', 'pass'],
    ['violated', 'held', 'fail'],
    ['held', 'violated', 'fail'],
    ['violated', 'violated', 'pass'],
    ['unknown', 'held', 'unknown'],
    ['unknown', 'violated', 'unknown'],
    ['not-applicable', 'held', 'unknown'],
    ['held', 'any', 'pass'],
    ['violated', 'any', 'pass'],
    ['unknown', 'any', 'pass'],
  ];
  for (const [property, expected, verdict] of table) {
    assert.is(verdictOf(property, expected), verdict);
    const cell = aCell({ expect: { recovers: expected } });
    const [judged] = judge(aRun(aPlan([cell])), { ...oracles, recovers: always(property) });
    assert.is(judged?.verdict, verdict);
  }
});

test('over boots a violation outweighs the unknown, and the unknown what held', () => {
  const plan = aPlan([aCell({ expect: { recovers: 'held' } })], 3);
  const over = (properties: Property[]) => {
    const oracle: Oracle = (input) =>
      overBoots(input, ({ boot }) => finding(properties[boot.plan.index] as Property, `e${boot.plan.index}`));
    const [verdict] = judge(aRun(plan), { ...oracles, recovers: oracle });
    return [verdict?.property, verdict?.evidence];
  };
  assert.equal(over(['held', 'held', 'held']), ['held', 'boot 0: e0; held in all 3 boots']);
  assert.equal(over(['held', 'unknown', 'held']), ['unknown', 'boot 1: e1']);
  assert.equal(over(['unknown', 'held', 'violated']), ['violated', 'boot 2: e2']);
  assert.equal(over(['held', 'violated', 'violated']), ['violated', 'boot 1: e1 (and so in 1 more of 3 boots)']);
});

test('who expects a violation must see it in every boot', () => {
  const plan = aPlan([aCell({ expect: { recovers: 'violated' } })], 3);
  const over = (properties: Property[]) => {
    const oracle: Oracle = (input) =>
      overBoots(input, ({ boot }) => finding(properties[boot.plan.index] as Property, `e${boot.plan.index}`));
    const [verdict] = judge(aRun(plan), { ...oracles, recovers: oracle });
    return [verdict?.property, verdict?.verdict, verdict?.evidence];
  };
  assert.equal(over(['violated', 'violated', 'violated']).slice(0, 2), ['violated', 'pass']);
  assert.equal(over(['violated', 'unknown', 'held']), ['held', 'fail', 'boot 2: e2']);
  assert.equal(over(['violated', 'unknown', 'violated']), ['unknown', 'unknown', 'boot 1: e1']);
});

test('the exit code is that of the firmest statement', () => {
  const pass = { verdict: 'pass' } as Verdict;
  const fail = { verdict: 'fail' } as Verdict;
  const unknown = { verdict: 'unknown' } as Verdict;
  const cases: [Verdict[], 'complete' | 'incomplete' | 'aborted', boolean, number][] = [
    [[pass, pass], 'complete', false, 0],
    [[pass, fail], 'complete', false, 1],
    [[pass, fail, unknown], 'incomplete', true, 1],
    [[pass, unknown], 'complete', true, 3],
    [[pass], 'complete', true, 3],
    [[pass], 'incomplete', true, 3],
    [[pass, unknown], 'complete', false, 4],
    [[pass], 'incomplete', false, 4],
    [[pass], 'aborted', false, 4],
    [[], 'complete', false, 4],
  ];
  for (const [verdicts, status, broke, code] of cases) {
    assert.is(exitCodeOf(verdicts, status, broke), code);
    const expected =
      code === 1
        ? 'fail'
        : status === 'complete' && verdicts.length > 0 && !verdicts.includes(unknown)
          ? 'pass'
          : 'unknown';
    assert.is(overallVerdict(verdicts, status), expected);
  }
});

test('a guest that panicked makes the run broken, not its expectations unmet', () => {
  const expect = Object.fromEntries(oracleNames.slice(0, 3).map((name) => [name, 'held' as const]));
  const cell = aCell({
    expect: { ...expect, 'kernel-log-clean': 'held', 'no-stuck-keys': 'held', 'module-unloads': 'held' },
  });
  const run = aRun(aPlan([cell]), { panicBefore: (frame, boot) => boot === 1 && frame.t === 'window' });
  assert.ok(hasFailure(run.records));
  assert.is(exitCodeOf(judge(run), run.status, hasFailure(run.records)), 3);
  const clean = aRun(aPlan([cell]));
  assert.not.ok(hasFailure(clean.records));
  assert.is(exitCodeOf(judge(clean), clean.status, hasFailure(clean.records)), 0);
});

test.run();
