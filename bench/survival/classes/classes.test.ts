// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { planSchema } from '../../../results/plan.ts';
import type { RunRecord } from '../../../results/records.ts';
import { failureKinds } from '../../../vm/failure.ts';
import { renderGuestPlan } from '../../plan/guest-plan.ts';
import { randomOf } from '../../plan/random.ts';
import { suite } from '../../testing/suite.ts';
import { drawOrders, type Order } from './draw.ts';
import { cellsOfBoot, classesPlan } from './plan.ts';
import { failureClasses } from './table.ts';
import { type Trial, tally, tallyText, trialOf, trialText } from './tally.ts';

const test = suite('classes of failures');

const draw = (seed: number, each = 3) => drawOrders(failureClasses, each, cellsOfBoot, randomOf(seed));

test('there is a class for each kind of failure, and one that is none', () => {
  const acceptable = new Set(failureClasses.map((each) => each.acceptable));
  assert.equal([...acceptable].sort(), [null, ...failureKinds].sort());
});

test('each class comes as often as was asked, its variants in turn, the same for a seed, and another time otherwise', () => {
  const orders = draw(5);
  for (const of of failureClasses) {
    const own = orders.filter((order) => order.of === of);
    assert.is(own.length, 3);
    assert.is(new Set(own.map(({ variant }) => variant)).size, Math.min(3, of.variants.length));
  }
  assert.equal(draw(5), orders);
  assert.not.equal(draw(6), orders);
});

test('a moment is one that the variant allows', () => {
  for (const { variant, moment, cell, delayMs } of draw(9, 40)) {
    assert.ok(moment === null ? variant.moments.length === 0 : variant.moments.includes(moment));
    assert.ok(cell < (variant.firstCell === true ? 1 : cellsOfBoot));
    assert.ok(delayMs >= 0 && delayMs <= 2_800);
  }
});

test('the plan is one, and nothing but its cells is in it', () => {
  const plan = planSchema.parse(classesPlan(3));
  const [boot] = plan.boots;
  assert.ok(boot);
  assert.is(plan.boots.length, 3);
  assert.is(renderGuestPlan(plan, boot).match(/^cell /gm)?.length, cellsOfBoot);
  assert.not.match(renderGuestPlan(plan, boot), /^floor/m);
});

const order = (name: string): Order => {
  const of = failureClasses.find((each) => each.name === name);
  const [variant] = of?.variants ?? [];
  assert.ok(of && variant);
  return { of, variant, moment: variant.moments[0] ?? null, cell: 0, delayMs: 0 };
};
const stamps = { v: 4, at: '2024-01-01T00:00:00.000Z', hostNs: 0, seq: 0 } as const;
const failed = (boot: number, failureKind: 'oops' | 'hang'): RunRecord => {
  return { ...stamps, kind: 'failure', boot, failureKind, message: 'It broke.', consoleTail: [] };
};
const ended = (boot: number, outcome: 'done' | 'failed'): RunRecord => ({ ...stamps, kind: 'boot-end', boot, outcome });
const deed = { beganAt: 1_000, injectedAt: 3_000, deathAt: 3_100, failedAt: 3_600, endedAt: 3_700 };
const { failedAt: _, deathAt: __, ...unharmed } = deed;

test('what is recorded is right if it is the class’s kind, once, and the boot has failed', () => {
  const right = trialOf(1, order('oops'), deed, [failed(0, 'hang'), failed(1, 'oops'), ended(1, 'failed')]);
  assert.is(right.right, true);
  assert.equal([right.knownAfterMs, right.knownAfterLineMs, right.tookMs], [600, 500, 2_700]);
  assert.is(trialText(right), 'oops (NULL pointer, start): oops after 0.60 s, 0.50 s after its line, right');
  for (const records of [
    [failed(1, 'hang'), ended(1, 'failed')],
    [failed(1, 'oops'), failed(1, 'hang'), ended(1, 'failed')],
    [ended(1, 'done')],
    [failed(1, 'oops')],
  ])
    assert.is(trialOf(1, order('oops'), deed, records).right, false);
});

test('a pause must leave nothing but a boot that is done', () => {
  const trial = trialOf(0, order('pause'), unharmed, [ended(0, 'done')]);
  assert.equal([trial.right, trial.kind, trial.knownAfterMs], [true, null, null]);
  const wrong = trialOf(0, order('pause'), deed, [failed(0, 'hang'), ended(0, 'failed')]);
  assert.is(wrong.right, false);
  assert.match(trialText(wrong), /WRONG: It broke\.$/);
});

test('a guest that ended before its moment was not tried, nor was one whose run was ended', () => {
  const aborted = { ...stamps, kind: 'boot-end', boot: 0, outcome: 'aborted' } as const;
  assert.is(trialOf(0, order('oops'), deed, [aborted]).right, undefined);
  const trial = trialOf(0, order('oops'), { beganAt: 0, endedAt: 10 }, [ended(0, 'done')]);
  assert.is(trial.right, undefined);
  assert.equal(tally([trial])[0], {
    class: 'oops',
    tried: 0,
    right: 0,
    medianMs: null,
    mostMs: null,
    mostAfterLineMs: null,
  });
});

test('classes are tallied apart', () => {
  const one = (name: string, right: boolean, knownAfterMs: number | null): Trial => {
    const rest = { variant: 'v', moment: 'window', kind: null, message: null, trouble: null, tookMs: 0 };
    return { class: name, right, knownAfterMs, knownAfterLineMs: knownAfterMs && knownAfterMs / 2, ...rest };
  };
  const tallies = tally([one('a', true, 300), one('b', true, null), one('a', false, 100), one('a', true, 200)]);
  assert.equal(tallies.map(tallyText), [
    'a: 2 of 3 right; known after 0.20 s, at most 0.30 s, 0.15 s after its line at most',
    'b: 1 of 1 right',
  ]);
});

test.run();
