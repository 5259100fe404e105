// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { writeAtomically } from '../file-ops.ts';
import { readRun } from '../run-reader.ts';
import { RunWriter } from '../run-writer.ts';
import { MemoryDisk } from './memory-disk.ts';
import { aCell, aManifest, aPlan } from './plans.ts';
import { recordBodies } from './runs.ts';

const test = suite('a disk in memory');
const dir = '/somewhere/run';

test('a run written to it is read from it', () => {
  const disk = new MemoryDisk();
  const plan = aPlan([aCell()], 1);
  const writer = RunWriter.create(dir, aManifest(plan), { files: disk });
  const stored = recordBodies(plan).map((body) => writer.append(body));
  writer.finish('complete');
  const run = readRun(dir, disk);
  assert.equal(run.records, stored);
  assert.is(run.status, 'complete');
  assert.is(disk.openFiles, 0);
  assert.throws(() => RunWriter.create(dir, aManifest(plan), { files: disk }), /already/);
});

test('after a power cut what was synced is there, and as much of the rest as is asked for', () => {
  const disk = new MemoryDisk();
  disk.mkdir(dir);
  const fd = disk.open(`${dir}/log`, 'wx');
  disk.write(fd, Buffer.from('one.'));
  assert.not(disk.afterPowerCut(1).exists(`${dir}/log`), 'its name was not synced');
  disk.sync(fd);
  disk.sync(disk.open(dir, 'r'));
  disk.write(fd, Buffer.from('two.'));
  const left = (share: number) => disk.afterPowerCut(share).read(`${dir}/log`).toString();
  assert.equal([left(0), left(0.5), left(1)], ['one.', 'one.tw', 'one.two.']);
  assert.is(disk.asItIs().read(`${dir}/log`).toString(), 'one.two.');
});

test('what is put in place atomically is there after a power cut or not at all', () => {
  const disk = new MemoryDisk();
  disk.mkdir(dir);
  const names = [dir, `${dir}/a`, `${dir}/.a.tmp`];
  writeAtomically(disk, dir, 'a', 'text');
  assert.equal(
    names.map((name) => disk.afterPowerCut(0).exists(name)),
    [true, true, false],
  );
  assert.is(disk.afterPowerCut(0).read(`${dir}/a`).toString(), 'text');
  disk.remove(`${dir}/a`);
  assert.ok(disk.afterPowerCut(0).exists(`${dir}/a`), 'that it was removed is not synced');
});

test('what a file system refuses it refuses', () => {
  const disk = new MemoryDisk();
  for (const [code, action] of [
    ['ENOENT', () => disk.read('/a')],
    ['ENOENT', () => disk.open('/a', 'r')],
    ['ENOENT', () => disk.remove('/a')],
    ['ENOENT', () => disk.rename('/a', '/b')],
    ['EBADF', () => disk.close(9)],
  ] as const)
    assert.throws(action, new RegExp(code));
  disk.mkdir('/a');
  assert.throws(() => disk.read('/a'), /EISDIR/);
  disk.open('/b', 'wx');
  assert.throws(() => disk.open('/b', 'wx'), /EEXIST/);
});

test.run();
