// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { VirtualClock } from './virtual-clock.ts';

const test = suite('virtual time');

test('timers fire in order of their time, then of their making, and an hour takes no time', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const note = (what: string) => () => void seen.push(`${clock.now()} ${what}`);
  clock.after(3_600_000, note('last'));
  clock.after(5, note('second'));
  clock.after(5, note('third'));
  clock.after(1, note('first'));
  await new Promise<void>((resolve) => clock.after(3_600_001, resolve));
  assert.equal(seen, ['1 first', '5 second', '5 third', '3600000 last']);
  assert.is(clock.date().toISOString(), '1970-01-01T01:00:00.001Z');
});

test('a cancelled timer does not fire', async () => {
  const clock = new VirtualClock();
  let fired = false;
  const cancel = clock.after(1, () => {
    fired = true;
  });
  cancel();
  await new Promise<void>((resolve) => clock.after(2, resolve));
  assert.not(fired);
});

test('what a stream carries arrives before time goes on', async () => {
  const clock = new VirtualClock();
  const stream = new PassThrough();
  let late = false;
  clock.after(1, () => void stream.write('x'));
  clock.after(2, () => {
    late = true;
  });
  await once(stream, 'data');
  assert.not(late);
  assert.is(clock.now(), 1);
});

test('frozen, nothing fires; thawed, it goes on where it stood', async () => {
  const clock = new VirtualClock();
  let fired = 0;
  clock.after(1, () => void fired++);
  clock.freeze();
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  assert.is(fired, 0);
  clock.thaw();
  await new Promise<void>((resolve) => clock.after(1, resolve));
  assert.is(fired, 1);
});

test.run();
