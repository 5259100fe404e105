// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { CellPlan, CheckBlock, Expected } from '../../results/plan.ts';
import type { Unnumbered } from '../../results/testing/frames.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { judge } from '../judge/judge.ts';
import { suite } from '../testing/suite.ts';
import { expectationFindings } from './expectations.ts';
import { shortPlan } from './short-plan.ts';

const test = suite('what verdicts come to in short form');

const { mechanism } = aCell();
const blockOf = (expected: Expected): CheckBlock => ({
  id: 'k0',
  mechanism,
  fallback: 'refuse',
  scenario: 'killable-requester',
  timeoutMs: 1_000,
  checks: ['killable-requester'],
  expect: { 'killable-requester': expected },
});

const known = { broke: false, reported: new Set<number>() };

/** What is found of one round of the cell, or of the block, as the sanitized kernel runs them. */
function found(of: { cell?: Partial<CellPlan>; block?: CheckBlock }, doctoring: Doctoring = {}, told = known) {
  const checks = of.block === undefined ? [] : [of.block];
  const whole = aPlan(of.cell === undefined ? [] : [aCell(of.cell)], 1, { checks });
  const run = aRun(shortPlan(whole, { rounds: 1, slowness: 1, smp: 1 }), doctoring);
  return expectationFindings(run, judge(run), told).map(({ kind, what }) => `${kind}: ${what.split(',')[0]}`);
}

const unreported: Doctoring = { frame: (frame) => (frame.t === 'check' ? null : frame) };
const uncounted: Doctoring = { frame: (frame) => (frame.t === 'counters' ? null : frame) };
const warned: Doctoring = {
  frame: (frame): Unnumbered =>
    frame.t === 'kmsg' && frame.cell !== null
      ? { ...frame, lines: [[4, 1, 'WARNING: CPU: 0 PID: 1 at kernel/x.c:3 f+0x1/0x2']] }
      : frame,
};

test('a check that could not run is not clean, whatever was expected of it', () => {
  for (const expected of ['held', 'violated', 'any'] as const) {
    const block = blockOf(expected);
    assert.equal(found({ block }, unreported), ['unseen: killable-requester: unknown'], expected);
    assert.equal(found({ block }), [], expected);
  }
});

test('an oracle whose weakness need not show must have been able to see it', () => {
  const cell = { expect: { 'no-host-helper': 'violated' } } as const;
  assert.equal(found({ cell }, uncounted), ['unseen: no-host-helper: unknown']);
  assert.equal(found({ cell }), []);
});

test('what depends on time is looked at by nobody', () => {
  const unmetered: Doctoring = { frame: (frame) => (frame.t === 'meter' ? null : frame) };
  assert.equal(found({ cell: { expect: { 'no-traffic-in-window': 'held' } } }, unmetered), []);
});

test('what is unknown because a guest broke is told by that', () => {
  assert.equal(found({ block: blockOf('violated') }, unreported, { ...known, broke: true }), []);
});

test("the kernel's own words are told once: by the look after the round, or by the cell where that look found none", () => {
  const cell = { expect: { 'kernel-log-clean': 'held' } } as const;
  assert.equal(found({ cell }, warned), ['expectation: kernel-log-clean: violated']);
  assert.equal(found({ cell }, warned, { ...known, reported: new Set([1]) }), [
    'expectation: kernel-log-clean: violated',
  ]);
  assert.equal(found({ cell }, warned, { ...known, reported: new Set([0]) }), []);
});

test.run();
