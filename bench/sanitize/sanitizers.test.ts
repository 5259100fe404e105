// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { parseLeaks } from './kmemleak.ts';
import { heard, trials } from './sanitizers.ts';
import {
  injectedNoise,
  kasanSplat,
  leakText,
  listSplat,
  lockSplat,
  objectSplat,
  rcuSplat,
  refcountSplat,
  shiftSplat,
  sleepSplat,
  useAfterFreeSplat,
} from './testing/splats.ts';

const test = suite('what a sanitizer is heard by');

test('each fault on purpose is answered by a report that counts, and by no other', () => {
  const said: Readonly<Record<string, string>> = {
    'unprotected-rcu': rcuSplat,
    'sleep-while-atomic': sleepSplat,
    'refcount-underflow': refcountSplat,
    'list-corruption': listSplat,
    'free-active-timer': objectSplat,
    'lock-inversion': lockSplat,
    'read-out-of-bounds': kasanSplat,
    'shift-too-far': shiftSplat,
    'use-after-free': useAfterFreeSplat,
  };
  assert.equal(Object.keys(said).sort(), trials.map(({ fault }) => fault).sort());
  for (const { fault, report } of trials) {
    for (const [other, log] of Object.entries(said))
      assert.is(heard(log, report) === '', other === fault, `${fault} by what ${other} is answered with`);
    assert.match(heard(injectedNoise, report), 'said nothing of the kind');
  }
});

test('a report that the harness would not count is no proof that a sanitizer is on', () => {
  assert.match(heard('<6>[ 1.000000] a line about KASAN: slab-out-of-bounds\n', /KASAN/), 'did not take it');
});

test('leaks are told apart, with their size and who allocated them', () => {
  const leaks = parseLeaks(leakText);
  assert.equal(
    leaks.map(({ size, comm }) => [size, comm]),
    [
      [32, 'bash'],
      [4096, 'ks-agent'],
    ],
  );
  assert.match(leaks[0]?.lines.join('\n') ?? '', 'ks_leak+0x1c');
  assert.equal(parseLeaks(''), []);
});

test.run();
