// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { parseLog, reportsIn } from './kernel-reports.ts';
import { parseLeaks } from './kmemleak.ts';
import { heard, trials } from './sanitizers.ts';
import {
  injectedNoise,
  kasanSplat,
  leakText,
  listSplat,
  lockSplat,
  objectSplat,
  oopsSplat,
  rcuSplat,
  refcountSplat,
  shiftSplat,
  sleepSplat,
  useAfterFreeSplat,
} from './testing/splats.ts';

const test = suite('reports of a sanitized kernel');

const reports = (text: string) => reportsIn(parseLog(text));

test('a line without a stamp belongs to the record before it', () => {
  const lines = parseLog(lockSplat);
  assert.equal(lines.at(-1), { level: 4, seconds: 30.313248, text: 'but task is already holding lock:' });
});

for (const [name, text, what] of [
  ['an access out of bounds', kasanSplat, 'sanitizer report'],
  ['a lock inversion', lockSplat, 'lock report'],
  ['an unprotected pointer', rcuSplat, 'lock report'],
  ['sleeping while atomic', sleepSplat, 'BUG'],
  ['a refcount that underflows', refcountSplat, 'refcount'],
  ['an active object that is freed', objectSplat, 'WARN'],
  ['a corrupted list', listSplat, 'list corruption'],
  ['an oops', oopsSplat, 'BUG'],
  ['a shift too far', shiftSplat, 'sanitizer report'],
  ['a use after free', useAfterFreeSplat, 'sanitizer report'],
] as const)
  test(`${name} is one report, with the kernel's words`, () => {
    const found = reports(text);
    assert.is(found.length, 1, JSON.stringify(found));
    assert.is(found[0]?.what, what);
    assert.ok((found[0]?.lines.length ?? 0) >= 2);
  });

test('what is said after a report does not become part of it', () => {
  const [report] = reports(kasanSplat);
  assert.not.ok(report?.lines.some((line) => line.includes('keyagent registered')));
});

test("a warning's report begins with its own words, before the line that says it is a warning", () => {
  const [report] = reports(objectSplat);
  assert.match(report?.lines[0] ?? '', 'cut here');
  assert.match(report?.lines[1] ?? '', 'ODEBUG: free active');
});

test('an access out of bounds is told with who allocated what it missed', () => {
  const [report] = reports(kasanSplat);
  assert.match(report?.line ?? '', 'KASAN: slab-out-of-bounds');
  assert.ok(report?.lines.some((line) => line.includes('Allocated by task')));
});

test('two reports in a row are two', () => {
  assert.is(reports(kasanSplat + refcountSplat).length, 2);
});

test('what failing allocations make the kernel say is no report', () => {
  assert.equal(reports(injectedNoise), []);
});

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
