// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../testing/suite.ts';
import { calibrate } from './calibrate.ts';
import { worlds } from './worlds.ts';

// Half a minute on a host with nothing else to do; one that is busy with guests takes many times as long.
const test = suite('calibration of nightly', { timeoutMs: 590_000 });

test('years in which nothing is wrong have fewer than four nights with an alert each, whatever nights are like', () => {
  const names = ['nights independent, --quick', 'nights scatter by 2%, AR(0.5)'];
  for (const name of names) {
    const world = worlds[name];
    if (world === undefined) throw new Error(`no world '${name}'`);
    const years = 3;
    const { events, told, comparison } = calibrate(world, years, 7);
    assert.ok(events < 4, `${name}: ${events} nights a year with an alert`);
    // α bounds the nights that are told from the baseline to 5.5 in three years: 12 are three deviations more.
    assert.ok(told * years <= 12, `${name}: ${told}`);
    // 0.1 a year were seen, of those that are worse, and by more than δ.
    assert.ok(comparison * years <= 2, `${name}: ${comparison}`);
  }
});

test('the same seed gives the same figures', () => {
  const world = { ...(worlds['nights independent'] as NonNullable<(typeof worlds)[string]>), metrics: 2, blocks: 8 };
  assert.equal(calibrate(world, 1, 3), calibrate(world, 1, 3));
});

test.run();
