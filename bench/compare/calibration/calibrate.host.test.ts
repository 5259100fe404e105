// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../testing/suite.ts';
import { calibrate } from './calibrate.ts';
import { worlds } from './worlds.ts';

// A second or two on a host with nothing else to do; one that is busy with guests takes many times as long.
const test = suite('calibration of compare', { timeoutMs: 590_000 });
const [alpha, delta] = [0.01, Math.log(1.05)];
const comparisons = 400;

test('boots measured in turn: false alarms and coverage are what they are said to be, whatever the host does', () => {
  for (const [name, world] of Object.entries(worlds)) {
    if (world.order === 'separate' || world.difference !== 0) continue;
    const { rejections, falseAlarms, coverage } = calibrate(world, comparisons, 7, alpha, delta);
    // 1% of 400 with a standard deviation of 2; four of them. Metrics of a comparison move together, so that coverage has one of about 0.5%.
    assert.ok(rejections <= 0.03 && falseAlarms <= rejections, `${name}: ${rejections}, ${falseAlarms}`);
    assert.ok(coverage !== null && coverage > 0.93 && coverage < 0.975, `${name}: ${coverage}`);
  }
});

test('a change of twice delta is found, one in a host that merely drifts between two runs is, too: that cannot be told', () => {
  const of = (name: string) => {
    const world = worlds[name];
    if (world === undefined) throw new Error(`no world '${name}'`);
    return calibrate(world, comparisons, 7, alpha, delta);
  };
  assert.ok(of('in turn, 10 blocks, one metric really 10% worse').first.regressed > 0.9);
  assert.is(of('in turn, 10 blocks, one metric really 10% worse').first.improved, 0);
  assert.ok(of('separate, 5 boots each, a steady host').rejections <= 0.03);
  assert.ok(of('separate, 5 boots each, the host slows down by 5%').rejections > 0.03);
});

test.run();
