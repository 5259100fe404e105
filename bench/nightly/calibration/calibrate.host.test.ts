// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../testing/suite.ts';
import { calibrate } from './calibrate.ts';
import { worlds } from './worlds.ts';

// Some ten seconds on a host with nothing else to do; one that is busy with guests takes many times as long.
const test = suite('calibration of nightly', { timeoutMs: 590_000 });

test('a year in which nothing is wrong has few alerts, whatever nights are like', () => {
  const names = ['nights independent, --quick', 'nights scatter by 2%, AR(0.5)'];
  for (const name of names) {
    const world = worlds[name];
    if (world === undefined) throw new Error(`no world '${name}'`);
    const { events, told, comparison } = calibrate(world, 1, 7);
    // α bounds the nights that are told from the baseline to 1.8 a year: seven are three deviations more. Of alerts a year may have a few.
    assert.ok(told <= 7 && events <= 8, `${name}: ${told}, ${events}`);
    assert.ok(comparison <= 12 * told, `${name}: ${comparison}`);
  }
});

test('the same seed gives the same figures', () => {
  const world = { ...(worlds['nights independent'] as NonNullable<(typeof worlds)[string]>), metrics: 2, blocks: 8 };
  assert.equal(calibrate(world, 1, 3), calibrate(world, 1, 3));
});

test.run();
