// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { sampleHashes } from './sample-hash.ts';
import { aFaultCell, aPlan } from './testing/plans.ts';
import { aRun, type Doctoring } from './testing/runs.ts';

const test = suite('the hash of what was measured');
const plan = aPlan([aFaultCell()], 2);
const hashes = (doctoring: Doctoring = {}) => sampleHashes(plan, aRun(plan, doctoring).records);
const clean = hashes();

test('runs that measured the same have the same, whatever their hosts did', () => {
  const { records } = aRun(plan);
  const later = records.map((record) => ({ ...record, at: '2030-01-01T00:00:00.000Z', hostNs: record.hostNs * 3 }));
  assert.equal(sampleHashes(plan, later), clean);
  assert.match(String(clean.all), /^[0-9a-f]{64}$/);
});

test('a single nanosecond in one frame of one boot is another', () => {
  const one = hashes({
    frame: (frame, boot) => (boot === 1 && frame.t === 'floor' ? { ...frame, mono_end: frame.mono_end + 1 } : frame),
  });
  assert.is.not(one.all, clean.all);
  assert.is(one.boots[0]?.sha256, clean.boots[0]?.sha256);
  assert.is.not(one.boots[1]?.sha256, clean.boots[1]?.sha256);
});

test('how often a heart beat, and what a guest calls itself, is not measured', () => {
  const other = hashes({
    frame: (frame) => (frame.t === 'beat' ? null : frame.t === 'hello' ? { ...frame, cmdline: 'other' } : frame),
  });
  assert.equal(other, clean);
});

test('a boot that did not come to its end has none, and neither has the run', () => {
  const broken = hashes({ panicBefore: (frame, boot) => boot === 1 && frame.t === 'window' });
  assert.is(broken.all, null);
  assert.is(broken.boots[0]?.sha256, clean.boots[0]?.sha256);
  assert.is(broken.boots[1]?.sha256, null);
});

test.run();
