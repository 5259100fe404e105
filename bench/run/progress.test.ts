// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { Frame } from '../../results/frames.ts';
import type { Clock } from '../../vm/clock.ts';
import { MachineFailure } from '../../vm/failure.ts';
import { makePlan, type PlanOptions } from '../plan/make-plan.ts';
import { suite } from '../testing/suite.ts';
import { smallOptions } from '../testing/test-run.ts';
import { clockTime, ProgressDisplay } from './progress.ts';

const test = suite('progress');

function display(options: Partial<PlanOptions> = {}) {
  let now = 0;
  const clock: Clock = { now: () => now, date: () => new Date(0), after: () => () => {} };
  const shown: string[] = [];
  const sink = { line: (text: string) => shown.push(text), status: (text: string) => shown.push(`… ${text}`) };
  const progress = new ProgressDisplay(clock, sink);
  const plan = makePlan({ ...smallOptions, machine: 'qemu', boots: 2, ...options });
  progress.runStarts(plan, plan.boots, '/run');
  shown.splice(0);
  const pass = (ms: number) => {
    now += ms;
  };
  return { progress, shown, pass, plan };
}

const windowFrame = (cell: string, index: number) => ({ t: 'window', cell, index }) as Frame;

test('it says which boot, cell and window, how long it took, and how long it may take', () => {
  const { progress, shown, pass, plan } = display();
  progress.bootStarts(0);
  pass(6_000);
  progress.guestIsUp(0);
  const [first] = plan.boots[0]?.steps.filter((step) => step.kind === 'cell') ?? [];
  const cell = plan.cells.find((each) => first?.kind === 'cell' && each.id === first.cell);
  assert.ok(cell);
  progress.frame(0, { t: 'cell', id: cell.id } as Frame);
  progress.frame(0, windowFrame(cell.id, 1));
  const what = `cell 1/2, latency × ${cell.mechanism.name}`;
  const time = '\\(0:0\\d elapsed, about 0:\\d\\d left\\)';
  assert.match(shown[0] ?? '', new RegExp(`^boot 1/2: starting the guest ${time}$`));
  assert.match(shown[2] ?? '', new RegExp(`^boot 1/2: ${what} ${time}$`));
  assert.match(shown[3] ?? '', new RegExp(`^… boot 1/2: ${what}, window 2/3 ${time}$`));
});

test('checks are told apart from cells, and counted for themselves', () => {
  const { progress, shown } = display({ scenarios: ['latency,fallbacks'], mechanisms: ['keyagent-fd,userns-fd'] });
  for (const property of ['fallback-stock', 'fallback-refuse'])
    progress.frame(0, { t: 'check', cell: 'k01', check: 'fallbacks', property } as Frame);
  assert.is(shown.length, 1, 'one line a block, however much it reports');
  assert.match(shown[0] ?? '', /^boot 1\/2: checks [12]\/2, fallbacks × userns-fd \(/);
});

const leftOf = (line: string | undefined) => {
  const [, minutes, seconds] = /about (\d+):(\d\d) left/.exec(line ?? '') ?? [];
  return Number(minutes) * 60 + Number(seconds);
};

test('what is left shrinks to nothing, and grows when the guest is slower than thought', () => {
  const [fast, slow] = [display(), display()];
  for (const [each, ms] of [
    [fast, 6_000],
    [slow, 60_000],
  ] as const) {
    each.progress.bootStarts(0);
    each.pass(ms);
    each.progress.bootEnds(0, 'done');
  }
  assert.ok(leftOf(slow.shown.at(-1)) > leftOf(fast.shown.at(-1)));
  fast.progress.bootStarts(1);
  fast.progress.bootEnds(1, 'done');
  assert.is(leftOf(fast.shown.at(-1)), 0);
});

test('a failure is shown without anything that could move the cursor', () => {
  const { progress, shown } = display();
  progress.failure(0, new MachineFailure('guest-panic', 'it said \u001b[2J\u0007"bye\u202e"\nfake line'));
  assert.is(shown[0], 'boot 1/2: guest-panic: it said "bye" fake line');
});

test('a frame of a cell that is not in the plan is no reason to fall over', () => {
  const { progress, shown } = display();
  progress.frame(0, windowFrame('nowhere', 0));
  assert.match(shown[0] ?? '', /cell nowhere/);
});

test('times are minutes and seconds', () => {
  assert.equal([0, 59_499, 59_500, 3_600_000].map(clockTime), ['0:00', '0:59', '1:00', '60:00']);
});

test.run();
