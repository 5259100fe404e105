// SPDX-License-Identifier: MIT
/** What the third protocol brought: stages, checks, nesting, and agents as the RFC has them. */
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import type { CellPlan, CheckBlock } from '../../results/plan.ts';
import { aCell, aContainer, aPlan } from '../../results/testing/plans.ts';
import { checkScenarios } from '../../scenarios/checks/index.ts';
import { checksExpectedOf } from '../../scenarios/expected.ts';
import { isApplicable } from '../../scenarios/types.ts';
import { first, framesOf, framesOfPlan, of } from './testing/frames.ts';

const test = suite('the fake guest’s third protocol');

const window = { ms: 1_000, maxRequests: 50, samples: false };
const rfc = { name: 'keyagent-rfc', route: 'session-rfc', delivery: 'signal', helper: 'keyutils' } as const;

const names = (cell: CellPlan) => first(of(framesOf(cell), 'stages')).parts.map(({ name }) => name);
const staged = (mechanism: Partial<CellPlan['mechanism']>, agent: 'own' | 'none' = 'own') =>
  aCell({
    mechanism: { ...aCell().mechanism, ...mechanism },
    containers: [aContainer('subject', { agent })],
    windows: [{ ...window, stages: true }, window],
  });

test('each mechanism has the parts that its route and delivery have', () => {
  const module = ['enter', 'route', 'wake', 'prepare', 'instantiate', 'return'];
  const assuming = [...module.slice(0, 3), 'assume', ...module.slice(3)];
  assert.equal(names(staged({})), module);
  assert.equal(names(staged({ route: 'userns', delivery: 'signal' })), assuming);
  assert.equal(names(staged({ route: 'intercept', delivery: 'fd-keyctl' })), assuming);
  assert.equal(names(staged({ route: 'init', delivery: 'helper' }, 'none')), ['spawn', 'prepare', 'finish']);
  assert.equal(names(staged(rfc)), ['spawn', 'assume', 'prepare', 'finish']);
});

test('a window with stages has one frame a container, whose parts add up to its latencies; another has none', () => {
  const frames = framesOf(staged({}));
  const stages = of(frames, 'stages');
  assert.equal(
    stages.map(({ index }) => index),
    [0],
  );
  const { hist } = first(of(frames, 'window'));
  const [{ requests, parts }] = stages as [(typeof stages)[number]];
  assert.is(requests, hist.count);
  assert.is(
    parts.reduce((sum, part) => sum + part.hist.sum, 0),
    hist.sum,
  );
});

test('in open loop what a request was held up is a part of its own', () => {
  const windows = [{ ms: 1_000, maxRequests: 100_000, samples: false, rate: 10_000, stages: true }];
  const cell = aCell({ windows });
  assert.is(names(cell)[0], 'held');
});

test('agents that are found all serve alike, and are counted by how they were told', () => {
  for (const delivery of ['signal', 'fd-keyctl', 'fd-write'] as const) {
    const { delta } = first(of(framesOf(aCell({ mechanism: { ...rfc, route: 'userns', delivery } })), 'counters'));
    const notified = Object.entries(delta).filter(([name, value]) => name.startsWith('notified_') && value > 0);
    assert.equal(
      notified.map(([name]) => name),
      [`notified_${delivery.replace('-', '_')}`],
    );
  }
});

test('whom the RFC’s dead agent does not answer, the host’s helper does', () => {
  const fault = { name: 'kill-answerer', container: 'subject', atMs: 200, untilMs: 700 };
  const frames = framesOf(aCell({ mechanism: rfc, windows: [{ ...window, maxRequests: 100_000, faults: [fault] }] }));
  const { wrong, foreign_ns } = first(of(frames, 'window'));
  assert.ok(wrong > 5, `${wrong}`);
  assert.is(foreign_ns, wrong);
  assert.is(first(of(frames, 'counters')).delta.helper_execs, wrong);
});

test('who asks from a namespace below its agent’s is answered from another than its own', () => {
  const at = (depth: number) =>
    first(of(framesOf(aCell({ containers: [aContainer('subject', { depth })], windows: [window] })), 'window'));
  assert.equal([at(0).foreign_ns, at(8).foreign_ns], [0, 50]);
});

test('checks report what is expected of the mechanism, and those nobody knows are unknown', () => {
  const { mechanism } = aCell();
  const scenario = checkScenarios.find(({ routes }) => isApplicable(routes.session));
  assert.ok(scenario);
  const expected = checksExpectedOf(scenario, mechanism);
  assert.ok(isApplicable(expected));
  const block = { mechanism, fallback: expected.fallback, scenario: scenario.name, timeoutMs: 1_000 };
  const checks: CheckBlock[] = [
    { ...block, id: 'k0', checks: [...scenario.checks], expect: { ...expected.expect } },
    { ...block, id: 'k1', checks: ['no-such-check'], expect: {} },
  ];
  const plan = aPlan([aCell()], 1, { checks });
  const steps = checks.map(({ id }) => ({ kind: 'checks' as const, checks: id }));
  const frames = framesOfPlan({ ...plan, boots: plan.boots.map((boot) => ({ ...boot, steps })) });
  const outcomes = (id: string) => of(frames, 'check').filter(({ cell }) => cell === id);
  for (const { property, outcome } of outcomes('k0').filter(({ check }) => check === scenario.checks[0]))
    assert.is(outcome, expected.expect[property] === 'violated' ? 'violated' : 'held', property);
  assert.ok(outcomes('k0').length >= Object.keys(expected.expect).length);
  assert.equal(
    outcomes('k1').map(({ property, outcome }) => [property, outcome]),
    [['no-such-check', 'unknown']],
  );
  assert.equal(
    of(frames, 'counters').map(({ cell }) => cell),
    ['k0', 'k1'],
  );
});

test.run();
