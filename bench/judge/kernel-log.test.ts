// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { findComplaint } from './kernel-log.ts';

const test = suite('recorded kernel log');

test('the first of several complaints is quoted and all are counted', () => {
  const lines = [
    [6, 1, 'quiet'],
    [4, 2, 'WARNING: one'],
    [4, 3, 'BUG: two'],
  ] as const;
  assert.equal(findComplaint(lines), { what: 'WARN', line: 'WARNING: one', count: 2 });
  assert.is(findComplaint(lines.slice(0, 1)), null);
  assert.is(findComplaint([]), null);
});

test.run();
