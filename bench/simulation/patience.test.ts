// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { VirtualClock } from '../../vm/fake/virtual-clock.ts';
import { suite } from '../testing/suite.ts';
import { endOf } from './patience.ts';

const test = suite('patience with what may never end');

test('what ends is told from what does not, and errors that nobody caught are noted', async () => {
  const clock = new VirtualClock();
  const later = () => new Promise<number>((resolve) => clock.after(3_600_000, () => resolve(7)));
  assert.equal(await endOf(later, clock), { end: { how: 'returned', value: 7 }, uncaught: [] });
  const error = new Error('no');
  const { end } = await endOf(() => Promise.reject(error), clock);
  assert.equal(end, { how: 'threw', thrown: error });
  assert.equal((await endOf(() => new Promise(() => {}), clock)).end, { how: 'never' });
});

test('what goes on for ever is given up', async () => {
  const clock = new VirtualClock();
  const again = (): void => void clock.after(60_000, again);
  again();
  const { end } = await endOf(() => new Promise(() => {}), clock);
  clock.clear();
  assert.equal(end, { how: 'never' });
});

test('errors that nobody caught are noted', async () => {
  const clock = new VirtualClock();
  const { uncaught } = await endOf(async () => {
    void Promise.reject(new Error('unheard'));
    await new Promise<void>((resolve) => clock.after(1, resolve));
    clock.after(1, () => {
      throw new Error('thrown in a timer');
    });
    await new Promise<void>((resolve) => clock.after(2, resolve));
  }, clock);
  assert.equal(uncaught.map((error) => (error as Error).message).sort(), ['thrown in a timer', 'unheard']);
});

test.run();
