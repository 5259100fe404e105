// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { watchedFiles } from '../bench/simulation/store-fault.ts';
import { suite } from '../bench/testing/suite.ts';
import { KeystormError } from '../vm/failure.ts';
import { type FileOps, realFileOps } from './file-ops.ts';
import type { RecordBody } from './records.ts';
import { readRun } from './run-reader.ts';
import { RunWriter } from './run-writer.ts';
import { temporaryFolder } from './testing/folders.ts';
import { MemoryDisk } from './testing/memory-disk.ts';
import { aCell, aManifest, aPlan } from './testing/plans.ts';
import { recordBodies } from './testing/runs.ts';

const test = suite('run writer');

const plan = aPlan([aCell()], 1);
const manifest = aManifest(plan);
const bodies = recordBodies(plan);
const clock = { now: () => new Date(0), monotonicNs: () => 5n };

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: it failed, write`), { code, syscall: 'write' });
}

/** Files on which everything works until `fails` says otherwise. */
function filesThat(overrides: Partial<FileOps>): FileOps {
  return { ...realFileOps, ...overrides };
}

function errorOf(action: () => unknown): KeystormError {
  try {
    action();
  } catch (error) {
    assert.instance(error, KeystormError);
    return error as KeystormError;
  }
  throw new Error('nothing was thrown');
}

test('a finished run is read back whole', () => {
  const dir = join(temporaryFolder(), 'deep', 'run');
  const writer = RunWriter.create(dir, manifest);
  const stored = bodies.map((body) => writer.append(body));
  writer.sync();
  writer.finish('complete');
  const run = readRun(dir);
  assert.equal(run.manifest, manifest);
  assert.equal(run.records, stored);
  assert.equal(run.problems, []);
  assert.is(run.status, 'complete');
  assert.equal(readdirSync(dir).sort(), ['end.json', 'frames.ndjson', 'manifest.json']);
});

test('a record is in the file when append returns, numbered and stamped by the clock given', () => {
  const dir = temporaryFolder();
  let ns = 1000n;
  const writer = RunWriter.create(dir, manifest, { clock: { now: () => new Date(0), monotonicNs: () => ns } });
  ns += 25n;
  const record = writer.append({ kind: 'stray', boot: 0, text: 'x' });
  assert.is(record.seq, 0);
  assert.is(record.hostNs, 25);
  assert.is(record.at, '1970-01-01T00:00:00.000Z');
  assert.equal(readRun(dir).records, [record]);
  assert.is(readRun(dir).status, 'incomplete');
  writer.close();
});

test('what one leaves that is killed before there is a run is in nobody’s way', () => {
  const dir = temporaryFolder();
  writeFileSync(join(dir, 'frames.ndjson'), '');
  writeFileSync(join(dir, '.manifest.json.tmp'), '{');
  const writer = RunWriter.create(dir, manifest);
  writer.append(bodies[0] as RecordBody);
  writer.finish('complete');
  assert.is(readRun(dir).records.length, 1);
});

test('a folder that holds a run, or a part of one, is refused and left alone; other files do not matter', () => {
  for (const name of ['manifest.json', 'frames.ndjson', 'end.json']) {
    const dir = temporaryFolder();
    writeFileSync(join(dir, name), 'mine');
    const error = errorOf(() => RunWriter.create(dir, manifest));
    assert.is(error.exitCode, 2);
    assert.match(error.message, name);
    assert.equal(readdirSync(dir), [name]);
    assert.is(readFileSync(join(dir, name), 'utf8'), 'mine');
  }
  const dir = temporaryFolder();
  mkdirSync(join(dir, 'boot-0'));
  RunWriter.create(dir, manifest).close();
  assert.ok(existsSync(join(dir, 'manifest.json')));
});

for (const code of ['ENOSPC', 'EACCES', 'EIO', 'EROFS']) {
  test(`${code} while writing is one sentence with exit code 3, and what was recorded before stays readable`, () => {
    const dir = temporaryFolder();
    let broken = false;
    const write = (fd: number, bytes: Buffer): number => {
      if (!broken) return realFileOps.write(fd, bytes);
      // As a disk that fills up does: some of the line still fits.
      if (bytes.length > 10) return realFileOps.write(fd, bytes.subarray(0, 10));
      throw systemError(code);
    };
    const writer = RunWriter.create(dir, manifest, { files: filesThat({ write }), clock });
    const kept = bodies.slice(0, 5).map((body) => writer.append(body));
    broken = true;
    const error = errorOf(() => writer.append(bodies[5] as RecordBody));
    assert.is(error.exitCode, 3);
    assert.ok(error.message.startsWith(`Cannot write the run in ${dir}: `));
    assert.not.match(error.message, '\n');
    broken = false;
    assert.is(
      errorOf(() => writer.append(bodies[6] as RecordBody)),
      error,
    );
    assert.is(
      errorOf(() => writer.finish('complete')),
      error,
    );
    writer.close();
    const run = readRun(dir);
    assert.equal(run.records, kept);
    assert.is(run.status, 'incomplete');
  });
}

test('a failing fsync and a failing end marker leave a run that is not complete', () => {
  for (const overrides of [{ sync: () => assert.unreachable() }, { rename: () => assert.unreachable() }] as const) {
    const dir = temporaryFolder();
    let armed = false;
    const failing = Object.fromEntries(
      Object.keys(overrides).map((name) => [
        name,
        (...args: never[]) => {
          if (armed) throw systemError('EIO');
          (realFileOps[name as keyof FileOps] as (...a: never[]) => unknown)(...args);
        },
      ]),
    ) as Partial<FileOps>;
    const writer = RunWriter.create(dir, manifest, { files: filesThat(failing) });
    for (const body of bodies) writer.append(body);
    armed = true;
    assert.is(errorOf(() => writer.finish('complete')).exitCode, 3);
    writer.close();
    const run = readRun(dir);
    assert.is(run.records.length, bodies.length);
    assert.is(run.status, 'incomplete');
  }
});

test('a run cannot be begun where nothing can be written', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const error = errorOf(() => RunWriter.create(join(file, 'run'), manifest));
  assert.is(error.exitCode, 3);
  assert.match(error.message, /Cannot begin the run in .*: a file is where a folder is needed; give --out/);
});

test('a run cannot be begun in what is no folder', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const error = errorOf(() => RunWriter.create(file, manifest));
  assert.is(error.exitCode, 2);
  assert.match(error.message, 'is not a folder');
});

test('a run that cannot be taken up is let go of', () => {
  for (const fails of ['truncate', 'sync', 'write'] as const) {
    const disk = new MemoryDisk();
    const writer = RunWriter.create('/run', manifest, { files: disk });
    for (const body of bodies.slice(0, 5)) writer.append(body);
    writer.close();
    disk.write(disk.open('/run/frames.ndjson', 'a'), Buffer.from('torn'));
    const open = disk.openFiles;
    const failing = watchedFiles(disk, { code: 'EIO', of: fails, nth: 0, lasts: 9 }, () => {}).files;
    const options = { files: failing, reading: disk };
    const tool = { version: '0', commit: null, dirty: false };
    assert.is(errorOf(() => RunWriter.resume('/run', { again: [0], tool }, options)).exitCode, 3, fails);
    assert.is(disk.openFiles, open, fails);
    assert.equal(readRun('/run', disk).records.length, 5, fails);
  }
});

test('after its end a run takes no more records, and closing again is harmless', () => {
  const writer = RunWriter.create(temporaryFolder(), manifest);
  writer.finish('aborted');
  assert.match(errorOf(() => writer.append(bodies[0] as RecordBody)).message, 'already ended');
  assert.match(errorOf(() => writer.finish('complete')).message, 'already ended');
  writer.close();
});

test('a body that is no record is a bug of the caller, and does not break the run', () => {
  const dir = temporaryFolder();
  const writer = RunWriter.create(dir, manifest);
  assert.throws(() => writer.append({ kind: 'stray', boot: -1, text: 'x' }));
  writer.append({ kind: 'stray', boot: 0, text: 'x' });
  writer.close();
  assert.is(readRun(dir).records.length, 1);
});

test.run();
