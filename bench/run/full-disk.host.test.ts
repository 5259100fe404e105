// SPDX-License-Identifier: MIT
/** The real command line on a file system that is really full: a small tmpfs in a mount namespace of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { runFiles } from '../../results/manifest.ts';
import { readRun } from '../../results/run-reader.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';

const test = suite('a full disk', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const root = fileURLToPath(new URL('../..', import.meta.url));
const namespaces = ['--user', '--map-root-user', '--mount'];
const available = spawnSync('unshare', [...namespaces, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

/** Mounts a tmpfs with `options` on $1, runs the rest of the arguments, and copies what is there then to $2. */
const onSmallDisk =
  'mount -t tmpfs -o "$3" none "$1" || exit 99; to=$2 from=$1; shift 3; "$@"; code=$?; cp -a "$from/." "$to"; exit $code';

/** `keystorm bench` on the fake machine with its run on a tmpfs of that size. */
function benchOn(options: string) {
  const [disk, kept] = [testFolder(), testFolder()];
  const program = [
    process.execPath,
    '--import',
    'tsx',
    'bench/cli.ts',
    'bench',
    '--machine',
    'fake',
    '--mechanism',
    'keyagent-fd',
  ];
  const choice = ['--scenario', 'latency', '--boots', '2', '--out', path.join(disk, 'run')];
  const args = [...namespaces, 'sh', '-c', onSmallDisk, 'sh', disk, kept, options, ...program, ...choice];
  const { status, stdout, stderr } = spawnSync('unshare', args, { cwd: root, encoding: 'utf8' });
  return { disk, dir: path.join(kept, 'run'), status, stdout, stderr };
}

/** What the disk has room for, and how many records of the run that leaves at least; null: not even a manifest. */
const disks = [
  ['size=4k', null, 'less than a manifest'],
  ['size=40k', 5, 'some of the records'],
  ['nr_inodes=6', 2, 'no console of a guest'],
  ['nr_inodes=7', 50, 'no folder of a second boot'],
] as const;

if (!available) test.skip('the command line on a small tmpfs', 'unshare cannot make user and mount namespaces here');
for (const [options, records, room] of available ? disks : []) {
  test(`${room.startsWith('no') ? '' : 'room for '}${room}: one sentence with place and remedy, exit code 3, and a run that can be read if it was begun`, () => {
    const { disk, dir, status, stdout, stderr } = benchOn(options);
    assert.is(status, 3, stderr);
    const sentences = stderr.split('\n').filter((line) => line.startsWith('keystorm: '));
    assert.is(sentences.length, 1, stderr);
    assert.match(
      sentences[0] ?? '',
      /Cannot (begin|write) the run in .*: the disk is full; free some space or give --out/,
    );
    assert.ok(sentences[0]?.includes(disk));
    assert.not.match(stderr, /^\s+at /m);
    assert.is(stdout, '');
    assert.is(existsSync(path.join(dir, runFiles.manifest)), records !== null);
    assert.is(/nothing was recorded/.test(stderr), records === null);
    if (records === null) return;
    const run = readRun(dir);
    assert.is(run.status, 'incomplete');
    assert.ok(run.records.length >= records);
  });
}

if (available) {
  test('room for the run and not for its report: the run is whole, the table is printed, and a sentence says what is missing', () => {
    const { disk, dir, status, stdout, stderr } = benchOn('nr_inodes=11');
    assert.is(status, 3, stderr);
    assert.match(
      stderr,
      new RegExp(`keystorm: Cannot write report.md into ${disk}/run \\(ENOSPC.*; give .* another folder`),
    );
    assert.match(stdout, /keyagent-fd/);
    assert.is(readRun(dir).status, 'complete');
  });
}

test.run();
