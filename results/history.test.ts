// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { KeystormError } from '../vm/failure.ts';
import { realFileOps } from './file-ops.ts';
import { type HistoryBody, historyFile } from './history.ts';
import { historyOf, readHistory } from './history-reader.ts';
import { appendToHistory, historyToAddTo } from './history-writer.ts';
import { seal } from './seal.ts';

const test = suite('the history', { timeoutMs: 60_000 });
const folders: string[] = [];
test.after(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

const now = new Date(Date.UTC(2026, 0, 1));
const series: HistoryBody = {
  kind: 'series',
  series: 0,
  name: 'upcall.latency.p50',
  unit: 'ns',
  dimensions: { scenario: 'latency', mechanism: 'keyagent-fd' },
};
const run = (day: number): HistoryBody => ({
  kind: 'run',
  runId: `night-${day}`,
  createdAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
  tool: { version: '1', commit: null, dirty: false },
  subject: { kernel: '6.1.192-2' },
  conditions: { hypervisor: '7.2' },
  points: [{ series: 0, plan: '0123456789ab', values: [1000 + day, null] }],
});
const reset: HistoryBody = { kind: 'reset', note: 'Grüße "crc"', where: { scenario: 'latency' } };

function made(...bodies: HistoryBody[]): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-history-'));
  folders.push(dir);
  appendToHistory(historyToAddTo(dir), bodies, now);
  return dir;
}
const bytesOf = (dir: string) => readFileSync(path.join(dir, historyFile));
const exitCode = (code: number, text: RegExp) => (error: unknown) =>
  error instanceof KeystormError && error.exitCode === code && text.test(error.message);

test('what was appended is read back in order, also over several times, and stands as it was', () => {
  const dir = made(series, run(1));
  const before = bytesOf(dir);
  appendToHistory(historyToAddTo(dir), [reset, run(2)], now);
  const { records, problem } = readHistory(dir);
  assert.equal(
    records.map(({ kind }) => kind),
    ['history', 'series', 'run', 'reset', 'run'],
  );
  assert.is(problem, null);
  assert.ok(bytesOf(dir).subarray(0, before.length).equals(before));
});

test('cut off anywhere, it is read to the last whole record, and is appended to from there', () => {
  const whole = bytesOf(made(series, run(1), reset, run(2)));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
      const { records, length: good, problem, damaged } = historyOf('h', whole.subarray(0, length));
      const lines = whole.subarray(0, length).toString('latin1').split('\n').length - 1;
      assert.is(records.length, lines);
      assert.is(damaged, false);
      assert.is(problem === null, good === length);
    }),
  );
  const dir = made(series, run(1));
  writeFileSync(path.join(dir, historyFile), whole.subarray(0, whole.length - 5));
  appendToHistory(historyToAddTo(dir), [run(3)], now);
  const runs = readHistory(dir).records.flatMap((record) => (record.kind === 'run' ? [record.runId] : []));
  assert.equal(runs, ['night-1', 'night-3']);
});

test('any byte changed is noticed; what follows is not used, and nothing is appended behind it', () => {
  const whole = bytesOf(made(series, run(1), run(2), run(3)));
  const firstRun = whole.indexOf('\n', whole.indexOf('\n') + 1) + 1;
  fc.assert(
    fc.property(fc.integer({ min: firstRun, max: firstRun + 50 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] as number) ^ flip;
      const { records, damaged, problem } = historyOf('h', broken);
      assert.ok(records.length <= 2 && damaged && problem !== null);
    }),
  );
  const dir = made(series, run(1), run(2));
  const file = path.join(dir, historyFile);
  writeFileSync(file, bytesOf(dir).toString().replace('night-1', 'night-7'));
  const before = bytesOf(dir);
  assert.throws(() => historyToAddTo(dir), exitCode(2, /Line 3 .* checksum.*not cut off but damaged/));
  assert.ok(bytesOf(dir).equals(before));
});

test('another version is refused by name and left alone; no history at all says how to begin one', () => {
  const dir = made(series, run(1));
  const file = path.join(dir, historyFile);
  writeFileSync(
    file,
    `${seal({ v: 2, seq: 0, at: now.toISOString(), kind: 'history', schema: 'keystorm/history/2' })}\n`,
  );
  const before = bytesOf(dir);
  assert.throws(() => readHistory(dir), exitCode(2, /Use the version of keystorm that wrote/));
  assert.throws(() => historyToAddTo(dir), exitCode(2, /Use the version/));
  assert.ok(bytesOf(dir).equals(before));
  assert.throws(() => readHistory('/nowhere/at/all'), exitCode(2, /no history in .* history add RUN/));
});

test('records that do not belong there are not taken: a gap, a second beginning, a series that is not known', () => {
  const at = now.toISOString();
  const lines = (...bodies: object[]) =>
    Buffer.from(bodies.map((body, seq) => `${seal({ v: 1, seq, at, ...body })}\n`).join(''));
  const begin = { kind: 'history', schema: 'keystorm/history/1' };
  for (const [bytes, reason] of [
    [lines(begin, { ...series, seq: 5 }), /number 5 where 1/],
    [lines(begin, begin), /begins it again/],
    [lines(begin, run(1)), /series 0, of which nothing is known/],
    [lines(begin, { ...series, series: 3 }), /series 3 where 0/],
    [lines(series), /not the line with which/],
  ] as const)
    assert.match(historyOf('h', bytes).problem ?? '', reason);
});

test('a disk that takes only a part leaves what was there', () => {
  const dir = made(series, run(1));
  const before = bytesOf(dir);
  let calls = 0;
  const full = {
    ...realFileOps,
    write: (fd: number, bytes: Buffer) => {
      if (calls++ > 0) throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
      return realFileOps.write(fd, bytes.subarray(0, 20));
    },
  };
  assert.throws(
    () => appendToHistory(historyToAddTo(dir), [run(2)], now, full),
    exitCode(3, /Cannot append.*disk is full/),
  );
  assert.ok(bytesOf(dir).equals(before));
});

test.run();
