// SPDX-License-Identifier: MIT

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { attempt } from '../host/command.ts';
import { characterDevice, file, folder, link, writeArchive } from './newc.ts';
import { readArchives } from './testing/read-archive.ts';

const test = suite('initramfs archives');

const entries = [
  file('usr/bin/hello', 'hello\n', 0o755),
  link('bin', 'usr/bin'),
  folder('tmp', 0o1777),
  characterDevice('dev/console', 5, 1, 0o600),
  file('etc/shadow', 'secret', 0o600),
];

test('holds every entry with its folders before it', () => {
  const found = readArchives(writeArchive(entries));
  assert.equal(
    found.map(({ path: name, mode, data, device }) => `${name} ${mode} ${data.toString().trim()} ${device}`),
    [
      'bin 120777 usr/bin 0:0',
      'dev 40755  0:0',
      'dev/console 20600  5:1',
      'etc 40755  0:0',
      'etc/shadow 100600 secret 0:0',
      'tmp 41777  0:0',
      'usr 40755  0:0',
      'usr/bin 40755  0:0',
      'usr/bin/hello 100755 hello 0:0',
    ],
  );
  assert.is(new Set(found.map((entry) => entry.ino)).size, found.length);
});

test('the same entries in another order give the same bytes, in whole sectors', () => {
  const archive = writeArchive(entries);
  assert.ok(archive.equals(writeArchive([...entries].reverse())));
  assert.is(archive.length % 512, 0);
});

test('archives that follow one another are one, as for the kernel', () => {
  const both = Buffer.concat([writeArchive([file('a', 'first')]), writeArchive([file('b', 'second')])]);
  assert.equal(
    readArchives(both).map((entry) => entry.path),
    ['a', 'b'],
  );
});

test('of two entries with one path the later counts', () => {
  const found = readArchives(writeArchive([file('a', 'first'), file('a', 'second')]));
  assert.equal(
    found.map((entry) => entry.data.toString()),
    ['second'],
  );
});

const hasCpio = (await attempt('sh', ['-c', 'command -v cpio'])).code === 0;
if (hasCpio) {
  test('cpio reads it', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-archive-'));
    try {
      writeFileSync(path.join(dir, 'a'), writeArchive(entries));
      const listed = await attempt('sh', ['-c', 'cpio -t --quiet <"$0"', path.join(dir, 'a')]);
      assert.is(listed.stdout.trim().split('\n').length, 9);
      assert.is(listed.stderr, '');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
} else test.skip('cpio reads it', 'cpio is not installed');

test.run();
