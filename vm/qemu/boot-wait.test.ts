// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { MachineFailure } from '../failure.ts';
import { VirtualClock } from '../fake/virtual-clock.ts';
import { awaitBoot } from './boot-wait.ts';
import { Fate } from './fate.ts';
import { panicLine, typedConsole } from './testing/typed-console.ts';

const test = suite('wait for a guest to boot');

const deadlines = { ready: 60_000, silence: 9_500, giveUp: 200_000 };
const ready = 'keystorm: ready';

/** A guest that boots; `lines` says what it writes when, in ms. */
function booting(lines: Readonly<Record<number, string>>, change: { awake?: (now: number) => number } = {}) {
  const clock = new VirtualClock();
  const { console, say } = typedConsole();
  for (const [ms, line] of Object.entries(lines)) clock.after(Number(ms), () => say(line));
  let goes: (failure: MachineFailure) => void = () => {};
  const gone = new Promise<never>((_, reject) => {
    goes = reject;
  });
  const { awake } = change;
  const outcome = awaitBoot({
    ...{ console, fate: new Fate(console), deadlines, clock, gone },
    awake: awake === undefined ? undefined : () => awake(clock.now()),
  }).then(
    () => `up at ${clock.now()}`,
    (error: unknown) => {
      assert.instance(error, MachineFailure, String(error));
      const { kind, message } = error as MachineFailure;
      return `${kind} at ${clock.now()}: ${message}`;
    },
  );
  return { clock, goes, say, outcome };
}

test('it is up when it says so, whatever it says besides', async () => {
  assert.is(await booting({ 100: 'Linux', 9000: 'still here', 15000: ready, 15100: 'more' }).outcome, 'up at 15000');
});

test('it is up if it has said so before, however much it has said since', async () => {
  for (const since of [0, 1_000]) {
    const { console, say } = typedConsole();
    const fate = new Fate(console);
    say(ready, ...Array.from({ length: since }, (_, i) => `line ${i}`));
    const clock = new VirtualClock();
    await awaitBoot({ console, fate, deadlines, clock, awake: undefined, gone: new Promise<never>(() => {}) });
    assert.equal([clock.now(), console.tail.includes(ready)], [0, since === 0], `${since} lines since`);
  }
});

test('silence is a hang, counted from its last line', async () => {
  assert.is(
    await booting({ 5000: 'Linux' }).outcome,
    'hang at 14500: The guest said nothing on its console for 9.5 s while it booted.',
  );
});

test('one that talks without end and is not up: a timeout', async () => {
  const lines = Object.fromEntries(Array.from({ length: 70 }, (_, s) => [s * 1_000, `line ${s}`]));
  assert.is(await booting(lines).outcome, 'timeout at 60000: The guest booted for 60 s and was not up.');
});

test('time in which it could not run does not count, for as long as anybody waits', async () => {
  const half = await booting({}, { awake: (now) => now / 2 }).outcome;
  assert.match(half, /^hang at 1(8999|9000)[.\d]*: .* for 19 s, 9\.5 s of which it could not run/, half);
  const never = await booting({}, { awake: () => 0 }).outcome;
  assert.match(never, /^timeout at 200000: /, never);
});

test('what its console showed is the reason, rather than the silence after it', async () => {
  assert.match(await booting({ 1000: panicLine }).outcome, /^guest-panic at 10500: .*sysrq triggered crash/);
});

test('one that goes first fails the wait with what it died of, and nothing is waited for any more', async () => {
  const { clock, goes, say, outcome } = booting({});
  clock.after(2_000, () => goes(new MachineFailure('boot-failure', 'It could not.')));
  assert.is(await outcome, 'boot-failure at 2000: It could not.');
  say(ready);
  assert.is(clock.pending, 0);
});

test.run();
