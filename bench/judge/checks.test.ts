// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { CheckBlock, Plan } from '../../results/plan.ts';
import type { Unnumbered } from '../../results/testing/frames.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import { judge } from './judge.ts';

const test = suite('verdicts on checks');

const { mechanism } = aCell();
const block: CheckBlock = {
  id: 'k0',
  mechanism,
  fallback: 'refuse',
  scenario: 'wrong-nic',
  timeoutMs: 1_000,
  checks: ['wrong-nic-own', 'killable'],
  expect: { 'right-nic-own': 'held', 'right-nic-ancestor': 'violated', killable: 'held' },
};

/** A plan whose boots run the block, and nothing else but floors. */
function planOf(checks: CheckBlock[], boots = 1): Plan {
  const plan = aPlan([], boots, { checks });
  const steps = checks.map(({ id }) => ({ kind: 'checks' as const, checks: id }));
  return { ...plan, boots: plan.boots.map((boot) => ({ ...boot, steps: [...boot.steps, ...steps] })) };
}

const said = (doctoring: Doctoring = {}, boots = 1, plan = planOf([block], boots)) =>
  Object.fromEntries(judge(aRun(plan, doctoring)).map((each) => [each.oracle, each]));

type Check = Extract<Unnumbered, { t: 'check' }>;
const changing = (property: string, change: (frame: Check, boot: number) => Unnumbered | null): Doctoring => ({
  frame: (frame, boot) => (frame.t === 'check' && frame.property === property ? change(frame, boot) : frame),
});

test('each property is a verdict with the dimensions of its block, and the kernel log one more', () => {
  const verdicts = said();
  assert.equal(Object.keys(verdicts), ['right-nic-own', 'right-nic-ancestor', 'killable', 'kernel-log-clean']);
  for (const { verdict } of Object.values(verdicts)) assert.is(verdict, 'pass');
  const { mechanism: name, scenario, cell, kernel } = verdicts['right-nic-own']?.dimensions ?? {};
  assert.equal([name, scenario, cell, kernel], ['keyagent-fd', 'wrong-nic', 'k0', '6.1.192-2']);
  assert.match(verdicts['right-nic-own']?.evidence ?? '', 'right-nic-own was tried');
});

test('a known weakness that does not show fails, as does a property that is violated', () => {
  const verdicts = said({
    frame: (frame) =>
      frame.t === 'check' ? { ...frame, outcome: frame.outcome === 'held' ? 'violated' : 'held' } : frame,
  });
  assert.equal([verdicts['right-nic-own']?.verdict, verdicts['right-nic-ancestor']?.verdict], ['fail', 'fail']);
});

test('what was expected and not reported is unknown', () => {
  const { 'right-nic-own': missing } = said(changing('right-nic-own', () => null));
  assert.equal([missing?.property, missing?.verdict], ['unknown', 'unknown']);
  assert.match(missing?.evidence ?? '', 'no check reported it');
});

test('a check that broke says so in the place of its properties', () => {
  const crashed = changing('right-nic-own', (frame) => {
    return { ...frame, property: 'wrong-nic-own', outcome: 'unknown', evidence: 'killed by SIGSEGV' };
  });
  const verdicts = said(crashed);
  assert.match(verdicts['right-nic-own']?.evidence ?? '', 'check wrong-nic-own did not report it: killed by SIGSEGV');
  assert.not.ok('wrong-nic-own' in verdicts, 'a failure is no property');
});

test('of several checks that broke each is named, and none that did its work', () => {
  const broken: Doctoring = {
    frame: (frame) => {
      if (frame.t !== 'check') return frame;
      if (frame.property === 'killable') return { ...frame, check: 'killable' };
      const check = frame.property === 'right-nic-own' ? 'wrong-nic-own' : 'wrong-nic-host';
      return { ...frame, check, property: check, outcome: 'unknown', evidence: `${check} was cut short` };
    },
  };
  const two = { ...block, checks: ['wrong-nic-own', 'wrong-nic-host', 'killable'] };
  const verdicts = said(broken, 1, planOf([two]));
  const evidence = verdicts['right-nic-ancestor']?.evidence ?? '';
  assert.match(evidence, 'check wrong-nic-own did not report it: wrong-nic-own was cut short');
  assert.match(evidence, 'check wrong-nic-host did not report it: wrong-nic-host was cut short');
  assert.not.match(evidence, 'check killable did not');
});

test('a property that has its check’s name and was not expected is shown, and so is the failure of a check that owes nothing', () => {
  const { killable: _owed, ...expect } = block.expect;
  for (const outcome of ['violated', 'held', 'unknown'] as const) {
    const more = { t: 'check', cell: 'k0', check: 'killable', property: 'killable', outcome, evidence: 'x', mono: 1 };
    const doctoring: Doctoring = {
      frame: (frame) => (frame.t === 'counters' && frame.cell === 'k0' ? (more as Unnumbered) : frame),
    };
    const { killable } = said(doctoring, 1, planOf([{ ...block, expect }]));
    assert.equal([killable?.property, killable?.expected], [outcome, 'any']);
  }
});

test('where frames were lost nothing bad having been reported means nothing', () => {
  const run = aRun(planOf([block]));
  const lost = run.records.findIndex((record) => record.kind === 'frame' && record.frame.t === 'counters');
  const verdicts = judge({ ...run, records: run.records.filter((_, index) => index !== lost), status: 'incomplete' });
  const of = (oracle: string) => verdicts.find((each) => each.oracle === oracle)?.property;
  assert.equal([of('right-nic-own'), of('killable'), of('right-nic-ancestor')], ['unknown', 'unknown', 'violated']);
});

test('a property that has its check’s name is one where it is expected', () => {
  assert.is(said().killable?.property, 'held');
});

test('what nobody expected is shown and passes', () => {
  const more = changing('right-nic-own', (frame) => ({
    ...frame,
    property: 'right-nic-surprise',
    outcome: 'violated',
  }));
  const { 'right-nic-surprise': surprise } = said(more);
  assert.equal([surprise?.property, surprise?.expected, surprise?.verdict], ['violated', 'any', 'pass']);
});

test('a property that was reported twice counts as the worse', () => {
  const two = { ...block, expect: { ...block.expect, other: 'any' as const } };
  const twice = changing('other', (frame) => ({ ...frame, property: 'right-nic-own', outcome: 'violated' }));
  assert.is(said(twice, 1, planOf([two]))['right-nic-own']?.property, 'violated');
});

test('a complaint of the kernel while checks ran fails them, unless the block expects it', () => {
  const warned: Doctoring = {
    frame: (frame) => {
      const ours = frame.t === 'kmsg' && frame.cell === 'k0';
      return ours ? { ...frame, lines: [[4, 1, 'WARNING: CPU: 0 PID: 1 at kernel/x.c:3 f+0x1/0x2']] } : frame;
    },
  };
  assert.is(said(warned)['kernel-log-clean']?.verdict, 'fail');
  const tolerant = { ...block, expect: { ...block.expect, 'kernel-log-clean': 'any' as const } };
  assert.is(said(warned, 1, planOf([tolerant]))['kernel-log-clean']?.verdict, 'pass');
});

test('a guest that panicked leaves unknown what it had not reported, and why', () => {
  const panicked: Doctoring = { panicBefore: (frame) => frame.t === 'check' && frame.property === 'killable' };
  const verdicts = said(panicked);
  assert.is(verdicts['right-nic-own']?.property, 'held');
  assert.match(verdicts.killable?.evidence ?? '', /guest-panic/);
  assert.is(verdicts['kernel-log-clean']?.property, 'unknown');
});

test('over boots, one that shows a violation decides, and one that hides an expected one too', () => {
  const inBoot1 = (property: string, outcome: Check['outcome']) =>
    said(
      changing(property, (frame, boot) => (boot === 1 ? { ...frame, outcome } : frame)),
      2,
    )[property];
  assert.equal(inBoot1('right-nic-own', 'violated')?.verdict, 'fail');
  assert.match(inBoot1('right-nic-own', 'violated')?.evidence ?? '', /^boot 1:/);
  assert.equal(inBoot1('right-nic-ancestor', 'held')?.verdict, 'fail');
});

const faultPlan = planOf([{ ...block, faults: ['full-quota', 'forged-key'] }]);

test('a block’s faults must have taken effect and be gone, and one that nobody spoke of is unknown', () => {
  type Reported = Extract<Unnumbered, { t: 'check-fault' }>;
  const verdicts = (change: Partial<Reported> | null) => {
    const doctoring: Doctoring = {
      frame: (frame) => {
        if (frame.t !== 'check-fault' || frame.fault !== 'forged-key') return frame;
        return change === null ? null : { ...frame, ...change };
      },
    };
    const found = said(doctoring, 1, faultPlan);
    return [found['fault-took-effect'], found['fault-gone']];
  };
  const properties = (change: Partial<Reported> | null) => verdicts(change).map((each) => each?.property);
  assert.equal(properties({}), ['held', 'held']);
  assert.equal(properties({ hits: 0 }), ['violated', 'held']);
  assert.equal(properties({ gone: false }), ['held', 'violated']);
  assert.equal(properties({ fault: 'another' }), ['unknown', 'unknown']);
  assert.equal(properties(null), ['unknown', 'unknown']);
  assert.match(
    verdicts({ hits: 3 })[0]?.evidence ?? '',
    'full-quota took effect 1 time, forged-key took effect 3 times',
  );
});

test.run();
