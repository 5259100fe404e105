// SPDX-License-Identifier: MIT
import { readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { KeystormError } from '../vm/failure.ts';
import type { Manifest } from './manifest.ts';
import type { RecordBody, RunRecord } from './records.ts';
import { readRun, type StoredRun } from './run-reader.ts';
import { RunWriter } from './run-writer.ts';
import { seal } from './seal.ts';
import { temporaryFolder } from './testing/folders.ts';
import { aCell, aManifest, aPlan } from './testing/plans.ts';
import { type Doctoring, recordBodies } from './testing/runs.ts';

const test = suite('run reader', { timeoutMs: 20_000 });

const plan = aPlan([aCell()], 2);
const files = ['manifest.json', 'frames.ndjson', 'end.json'] as const;

function written(bodies: readonly RecordBody[], end: 'complete' | 'aborted' | null = 'complete'): string {
  const dir = temporaryFolder();
  const writer = RunWriter.create(dir, aManifest(plan));
  for (const body of bodies) writer.append(body);
  if (end === null) writer.close();
  else writer.finish(end);
  return dir;
}

function doctored(doctoring: Doctoring): StoredRun {
  return readRun(written(recordBodies(plan, doctoring)));
}

/** What reading gives: a run, or the one error reading may throw. Anything else thrown fails the test. */
function attempt(dir: string): StoredRun | KeystormError {
  try {
    return readRun(dir);
  } catch (error) {
    if (error instanceof KeystormError && error.exitCode === 2) return error;
    throw error;
  }
}

function assertPrefix(records: readonly RunRecord[], of: readonly RunRecord[]): void {
  assert.ok(records.length <= of.length);
  assert.equal(records, of.slice(0, records.length));
}

const whole = written(recordBodies(plan));
const original = readRun(whole);
const bytes = Object.fromEntries(files.map((name) => [name, readFileSync(join(whole, name))])) as Record<
  (typeof files)[number],
  Buffer
>;

/** The whole run with one file replaced. */
const scratch = temporaryFolder();
function withFile(name: (typeof files)[number], content: Buffer): StoredRun | KeystormError {
  for (const other of files) writeFileSync(join(scratch, other), other === name ? content : bytes[other]);
  return attempt(scratch);
}

test('a run untouched is complete', () => {
  assert.is(original.status, 'complete');
  assert.equal(original.problems, []);
});

test('cut off at any byte, a prefix of the records is read and the run is incomplete', () => {
  const length = bytes['frames.ndjson'].length;
  fc.assert(
    fc.property(fc.nat(length - 1), (at) => {
      const run = withFile('frames.ndjson', bytes['frames.ndjson'].subarray(0, at));
      if (run instanceof KeystormError) throw run;
      assertPrefix(run.records, original.records);
      assert.is(run.status, 'incomplete');
      assert.ok(run.problems.length > 0);
    }),
    { numRuns: 100, examples: [[0], [1], [length - 1], [length - 2]] },
  );
});

test('with any byte of any file changed, a prefix is read and the run is incomplete, or it is refused', () => {
  const place = fc.constantFrom(...files).chain((name) => fc.tuple(fc.constant(name), fc.nat(bytes[name].length - 1)));
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 255 }), ([name, at], flip) => {
      const broken = Buffer.from(bytes[name]);
      broken[at] = (broken[at] as number) ^ flip;
      const run = withFile(name, broken);
      if (run instanceof KeystormError) {
        assert.is(name, 'manifest.json');
        return;
      }
      assert.equal(run.manifest, original.manifest);
      assertPrefix(run.records, original.records);
      assert.is(run.status, 'incomplete');
    }),
    { numRuns: 200 },
  );
});

test('a manifest or end marker cut off anywhere never reads as a complete run of other content', () => {
  for (const name of ['manifest.json', 'end.json'] as const) {
    for (let at = 0; at < bytes[name].length - 1; at++) {
      const run = withFile(name, bytes[name].subarray(0, at));
      if (run instanceof KeystormError) assert.is(name, 'manifest.json');
      else assert.is(run.status, 'incomplete');
    }
    // Only the newline that ends the file is missing: nothing is lost.
    const run = withFile(name, bytes[name].subarray(0, -1));
    if (run instanceof KeystormError) throw run;
    assert.is(run.status, 'complete');
  }
});

test('bytes that were never a run give an error of one sentence, or no records', () => {
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.uint8Array({ maxLength: 200 }), (name, noise) => {
      const run = withFile(name, Buffer.from(noise));
      if (run instanceof KeystormError) assert.not.match(run.message, '\n');
      else assert.is(run.status, 'incomplete');
    }),
  );
});

test('a corrupted line in the middle stops there and is named', () => {
  const text = bytes['frames.ndjson'].toString('utf8').split('\n');
  text[3] = (text[3] as string).replace('"boot"', '"bOot"');
  const run = withFile('frames.ndjson', Buffer.from(text.join('\n')));
  if (run instanceof KeystormError) throw run;
  assert.is(run.records.length, 3);
  assert.match(run.problems[0] as string, /^Line 4 of frames\.ndjson does not match its checksum/);
  assert.match(run.problems[1] as string, /end\.json says \d+ records were written, 3 can be read/);
});

test('a line missing or repeated in the middle stops there', () => {
  const lines = bytes['frames.ndjson'].toString('utf8').split('\n');
  const missing = lines.filter((_, i) => i !== 4);
  const repeated = [...lines.slice(0, 4), ...lines.slice(3)];
  for (const changed of [missing, repeated]) {
    const run = withFile('frames.ndjson', Buffer.from(changed.join('\n')));
    if (run instanceof KeystormError) throw run;
    assert.is(run.records.length, 4);
    assert.match(run.problems[0] as string, /where 4 was due/);
  }
});

test('without an end marker a run is incomplete however whole it looks', () => {
  const run = readRun(written(recordBodies(plan), null));
  assert.is(run.status, 'incomplete');
  assert.match(run.problems.join(), 'harness was killed');
});

test('an aborted run says so', () => {
  assert.is(readRun(written([], 'aborted')).status, 'aborted');
});

test('a guest that failed does not make the run incomplete: its failure is data', () => {
  const run = doctored({ panicBefore: (frame, boot) => boot === 1 && frame.t === 'window' });
  assert.equal(run.problems, []);
  assert.is(run.status, 'complete');
});

test('a runner that gives up before its hello has lost no frame', () => {
  const error = { t: 'error', n: 0, where: 'module', message: 'insmod failed' } as const;
  const run = readRun(
    written(
      recordBodies(plan).flatMap((body): RecordBody[] => {
        if (body.kind === 'frame' && body.boot === 0) return body.frame.n === 0 ? [{ ...body, frame: error }] : [];
        if (body.kind !== 'boot-end' || body.boot !== 0) return [body];
        const failure = {
          kind: 'failure',
          boot: 0,
          failureKind: 'harness-fault',
          message: 'It gave up.',
          consoleTail: [],
        } as const;
        return [failure, { ...body, outcome: 'failed' }];
      }),
    ),
  );
  assert.equal(run.problems, []);
  assert.is(run.status, 'complete');
});

test('a lost, garbled, repeated or misplaced frame is a problem and makes the run incomplete', () => {
  const bodies = recordBodies(plan);
  const at = bodies.findIndex((body) => body.kind === 'frame' && body.frame.t === 'window');
  const beat = { kind: 'frame', boot: 0, frame: { t: 'beat', n: 99, mono: 1, phase: 'late' } } as const;
  const cases: [RegExp, RecordBody[]][] = [
    [/came where \d+ was due/, bodies.filter((_, i) => i !== at)],
    [/was reported twice|came where/, bodies.flatMap((body, i) => (i === at ? [body, body] : [body]))],
    [
      /no valid frame \(crc\)/,
      [...bodies.slice(0, at), { kind: 'bad-frame', boot: 0, text: 'KSF', reason: 'crc' }, ...bodies.slice(at)],
    ],
    [
      /after the last one/,
      bodies.flatMap((body) => (body.kind === 'boot-end' && body.boot === 0 ? [beat, body] : [body])),
    ],
    [/never begun/, bodies.filter(({ boot }) => boot !== 1)],
    [/has no end/, bodies.filter((body) => body.kind !== 'boot-end' || body.boot !== 1)],
    [/last word/, bodies.filter((body) => body.kind !== 'frame' || body.frame.t !== 'done')],
    [/not in the plan/, [...bodies, { kind: 'stray', boot: 9, text: 'x' }]],
  ];
  for (const [problem, changed] of cases) {
    const run = readRun(written(changed));
    assert.match(run.problems.join('\n'), problem);
    assert.is(run.status, 'incomplete', String(problem));
  }
});

test('frames that contradict the plan are problems', () => {
  const about = doctored({ frame: (frame) => (frame.t === 'keys' ? { ...frame, cell: 'other' } : frame) });
  assert.match(about.problems.join(), /about cell other, not planned/);
  const window = doctored({ frame: (frame) => (frame.t === 'meter' ? { ...frame, index: 99 } : frame) });
  assert.match(window.problems.join(), /about window 99 of cell c0, not planned/);
  const container = doctored({ frame: (frame) => (frame.t === 'window' ? { ...frame, container: 'x' } : frame) });
  assert.match(container.problems.join(), /about container x of cell c0, not planned/);
  const keys = { t: 'keys', cell: 'c0', under_construction: 0, users: {} } as const;
  const twice = doctored({ frame: (frame) => (frame.t === 'beat' ? keys : frame) });
  assert.match(twice.problems.join(), /the keys frame of cell c0 was reported twice/);
  const boot = doctored({ frame: (frame) => (frame.t === 'hello' ? { ...frame, boot: 5 } : frame) });
  assert.match(boot.problems.join(), /says it is boot 5/);
});

test('what is no run of this version is refused with path and remedy', () => {
  const message = (dir: string): string => {
    const error = attempt(dir);
    return error instanceof KeystormError ? error.message : 'was read';
  };
  assert.match(message(join(scratch, 'nowhere')), /There is no folder .*nowhere; .*list runs/);
  assert.match(message(temporaryFolder()), /is not a run: it has no manifest\.json/);
  const dir = written([]);
  const later = { ...aManifest(plan), schema: 'keystorm/run/7' } as unknown as Manifest;
  writeFileSync(join(dir, 'manifest.json'), `${seal(later, 2)}\n`);
  assert.match(
    message(dir),
    /manifest\.json is of schema "keystorm\/run\/7", this keystorm reads keystorm\/run\/1, .*, keystorm\/run\/5 and keystorm\/run\/6;/,
  );
  writeFileSync(join(dir, 'manifest.json'), `${seal({ ...aManifest(plan), seed: -1 }, 2)}\n`);
  assert.match(message(dir), /does not fit keystorm\/run\/6 at seed/);
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(aManifest(plan)));
  assert.match(message(dir), /damaged or was edited/);
});

test('a file that is there but cannot be read is not called missing', () => {
  for (const name of files) {
    const dir = written(recordBodies(plan));
    rmSync(join(dir, name));
    symlinkSync(name, join(dir, name)); // a loop: as root, no permission would do
    const error = attempt(dir);
    assert.instance(error, KeystormError);
    assert.match((error as KeystormError).message, new RegExp(`Cannot read .*${name}`));
  }
});

test('a runner that says it is done without having reported a step leaves the run incomplete', () => {
  for (const [step, type] of [
    ['floor [a-z_]+', 'floor'],
    ['cell c0', 'cell'],
  ] as const) {
    const run = doctored({ frame: (frame, boot) => (frame.t === type && boot === 1 ? null : frame) });
    assert.match(run.problems.join('\n'), new RegExp(`Boot 1 came to its end without ${step}`));
    assert.is(run.status, 'incomplete');
  }
});

test('a run whose log is gone or empty has no records and is incomplete', () => {
  const dir = written(recordBodies(plan));
  truncateSync(join(dir, 'frames.ndjson'), 0);
  assert.is(readRun(dir).status, 'incomplete');
  rmSync(join(dir, 'frames.ndjson'));
  assert.is(readRun(dir).status, 'incomplete');
  assert.match(readRun(dir).problems[0] as string, 'missing');
});

test.run();
