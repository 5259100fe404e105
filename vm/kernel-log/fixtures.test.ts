// SPDX-License-Identifier: MIT
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { ConsoleLines } from '../console-lines.ts';
import { complaintOf } from './complaint.ts';
import { fixtures, quietFixtures } from './fixtures/fixtures.ts';
import { type LogLine, parseConsoleLine } from './log-lines.ts';
import { patternOf, patterns } from './patterns.ts';
import { type KernelReport, reportsIn } from './reports.ts';
import type { Sighting } from './sighting.ts';

const test = suite('what consoles printed', { timeoutMs: 60_000 });

/** What is seen of a console that says `chunks`, and its lines. */
function seen(...chunks: readonly Buffer[]): {
  readonly sighting: Sighting | undefined;
  readonly lines: string[];
} {
  const stream = new PassThrough();
  const console = new ConsoleLines(stream);
  const lines: string[] = [];
  console.onLine((line) => lines.push(line));
  for (const chunk of chunks) stream.emit('data', chunk);
  stream.emit('end');
  return { sighting: console.sighting, lines };
}

function logOf(lines: readonly string[]): LogLine[] {
  const log: LogLine[] = [];
  for (const line of lines) log.push(...parseConsoleLine(line, log.at(-1)?.seconds ?? 0));
  return log;
}

/** The report that a reader would name it for, if it is one that is complained of. */
function reportOf(lines: readonly string[], title: string | undefined): KernelReport | undefined {
  const reports = reportsIn(logOf(lines));
  return reports.find((report) => report.title === title) ?? (title === undefined ? reports[0] : undefined);
}

/** What the fixture's table says, as it is seen. */
function told(bytes: Buffer) {
  const { sighting, lines } = seen(bytes);
  const report = reportOf(lines, sighting?.fault?.title);
  const [first] = sighting === undefined ? [] : parseConsoleLine(sighting.line, 0);
  return {
    kind: patternOf(report?.line ?? first?.text ?? '')?.kind ?? null,
    failure: sighting?.kind ?? null,
    gravity: sighting?.gravity ?? null,
    title: sighting?.fault?.title ?? report?.title ?? null,
    fingerprint: sighting?.fault?.fingerprint ?? report?.fingerprint ?? null,
  };
}

const allBytes = [...fixtures, ...quietFixtures].map(({ bytes }) => bytes);

const byName = new Map(fixtures.map((fixture) => [fixture.name, fixture]));

const hasTime = /^\[ *\d+\./;

const circumstances = fc.record({
  laterSeconds: fc.integer({ min: 1, max: 90_000 }),
  /** Each digit of an address is moved on by the next of these. */
  hex: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 7, maxLength: 7 }),
  pid: fc.integer({ min: 1, max: 4_194_304 }),
  cpu: fc.nat(63),
  comm: fc.constantFrom('a.out', 'kworker/0:1', 'systemd-journal', 'x'),
  release: fc.constantFrom('6.1.192-2', '6.12.0-rc1+', '7.2.0-next-20260101'),
  fileLine: fc.integer({ min: 1, max: 9_999 }),
});

/** What the same fault looks like under other circumstances. */
function elsewhere(text: string, other: typeof circumstances extends fc.Arbitrary<infer T> ? T : never): string {
  let digit = 0;
  const moved = (hex: string) =>
    hex.replace(/[0-9a-f]/g, (old) =>
      ((Number.parseInt(old, 16) + (other.hex[digit++ % other.hex.length] ?? 1)) % 16).toString(16),
    );
  return text
    .replace(
      /\[ *(\d+)\.(\d{6})\]/g,
      (_, s: string, us: string) => `[${String(Number(s) + other.laterSeconds).padStart(5)}.${us}]`,
    )
    .replace(/\b0x([0-9a-f]+)/g, (_, hex: string) => `0x${moved(hex)}`)
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{16}\b/g, moved)
    .replace(/\b(?:bash|ks-agent|ks-hammer|swapper\/0)(?=[\s/:,\]])/g, other.comm)
    .replace(/(?<=\bpid:? ?|\btask |comm\/|Comm: \S+ |T)\b\d+\b/gi, String(other.pid))
    .replace(/(?<=\bCPU(?:: |#| )?)\d+\b/gi, String(other.cpu))
    .replace(/\b(?:6\.1|6\.12|7\.2)\.\d+\S*/g, other.release)
    .replace(/(?<=\.[ch]:)\d+/g, String(other.fileLine));
}

for (const { name, bytes, kind, failure, gravity, title } of fixtures) {
  test(`${name}: ${title}`, () => {
    const { fingerprint, ...rest } = told(bytes);
    assert.equal(rest, { kind, failure, gravity, title });
    assert.match(fingerprint ?? '', /^[0-9a-f]{12}$/);
  });
}

for (const { name, bytes } of quietFixtures) {
  test(`${name} says nothing`, () => {
    const { sighting, lines } = seen(bytes);
    assert.is(sighting, undefined);
    for (const { level, text } of logOf(lines)) assert.is(complaintOf(level, text), null, text);
  });
}

test('every row of the table has its fixture', () => {
  const shown = new Set(fixtures.map(({ kind }) => kind));
  assert.equal(
    patterns.map(({ kind }) => kind).filter((kind) => !shown.has(kind)),
    [],
  );
});

test('the same fault in two guests has one fingerprint, and no two faults share one', () => {
  const titles = new Map<string, string>();
  for (const { bytes, title } of fixtures) {
    const { fingerprint } = told(bytes);
    assert.is(titles.get(fingerprint ?? '') ?? title, title);
    titles.set(fingerprint ?? '', title);
  }
  assert.is(titles.size, new Set(fixtures.map(({ title }) => title)).size);
});

test('bytes of whatever kind are read without an error', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(...allBytes).chain((bytes) => fc.nat(bytes.length).map((end) => bytes.subarray(0, end))),
    fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(text)),
    fc
      .constantFrom('\n', '[    1.000000] ', 'BUG: ', 'WARNING: ', ' at ', '\u001b[1m', '\r')
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const { lines } = seen(...pieces.map((each) => Buffer.from(each)));
      reportsIn(logOf(lines));
    }),
    { numRuns: 100 },
  );
});

test('wherever the stream is cut, the same is seen', () => {
  fc.assert(
    fc.property(fc.constantFrom(...allBytes), fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (bytes, cuts) => {
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      assert.equal(seen(...chunks), seen(bytes));
    }),
    { numRuns: 150 },
  );
});

test('another time, processor, process, address, place in a file and kernel make no other fault', () => {
  fc.assert(
    fc.property(fc.constantFrom(...byName.keys()), circumstances, (name, other) => {
      const { bytes, title } = byName.get(name) ?? { bytes: Buffer.of(), title: '' };
      const text = elsewhere(bytes.toString(), other);
      if (hasTime.test(text)) assert.is.not(text, bytes.toString());
      assert.is(told(Buffer.from(text)).title, title, text);
    }),
    { numRuns: 150 },
  );
});

test.run();
