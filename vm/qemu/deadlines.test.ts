// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { deadlinesFor, standardDeadlines } from './deadlines.ts';

const test = suite('bounds of a guest in QEMU');

test('a slow kernel has longer for what its guest does, and QEMU as long as ever', () => {
  assert.equal(deadlinesFor(1), standardDeadlines);
  const { ready, silence, giveUp, command, ...ofQemu } = deadlinesFor(6);
  assert.equal(
    [ready, silence, giveUp, command],
    [
      standardDeadlines.ready * 6,
      standardDeadlines.silence * 6,
      standardDeadlines.giveUp * 6,
      standardDeadlines.command * 6,
    ],
  );
  for (const [name, ms] of Object.entries(ofQemu)) assert.is(ms, Object(standardDeadlines)[name], name);
});

test.run();
