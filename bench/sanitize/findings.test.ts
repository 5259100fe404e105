// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { countEqual, type Finding } from './findings.ts';

const test = suite('findings');

const finding = (where: string, fingerprint?: string): Finding => {
  const what = `what was found in ${where}`;
  const fault = fingerprint === undefined ? {} : { title: `fault ${fingerprint}`, fingerprint };
  return { kind: 'kernel-report', where, what, lines: [], ...fault };
};

test('equal faults are one finding that says how often, where the first was', () => {
  const [first, other, again, last] = [finding('a', '1'), finding('b', '2'), finding('c', '1'), finding('d', '1')];
  assert.equal(countEqual([first, other, again, last]), [{ ...first, times: 3 }, other]);
});

test('findings without the name of a fault stay apart, and so do kinds', () => {
  const leaks = [finding('a'), finding('a')];
  assert.equal(countEqual(leaks), leaks);
  const broken: Finding = { ...finding('a', '1'), kind: 'broken' };
  assert.equal(countEqual([finding('a', '1'), broken]), [finding('a', '1'), broken]);
});

test.run();
