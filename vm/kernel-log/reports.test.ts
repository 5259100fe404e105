// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import {
  injectedNoise,
  kasanSplat,
  listSplat,
  lockSplat,
  objectSplat,
  oopsSplat,
  rcuSplat,
  refcountSplat,
  shiftSplat,
  sleepSplat,
  useAfterFreeSplat,
} from '../../bench/sanitize/testing/splats.ts';
import { suite } from '../../bench/testing/suite.ts';
import { parseLog } from './log-lines.ts';
import { reportsIn } from './reports.ts';

const test = suite('reports of a kernel');

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

test.run();
