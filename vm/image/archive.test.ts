// SPDX-License-Identifier: MIT

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { attempt } from '../host/command.ts';
import { characterDevice, file, folder, link, writeArchive } from './newc.ts';

const test = suite('initramfs archives');

const entries = [
  file('usr/bin/hello', 'hello\n', 0o755),
  link('bin', 'usr/bin'),
  folder('tmp', 0o1777),
  characterDevice('dev/console', 5, 1, 0o600),
  file('etc/shadow', 'secret', 0o600),
];

/** Reads an archive back: the fields this project sets, by the format's own description. */
function read(archive: Buffer): { path: string; mode: string; ino: number; data: string; device: string }[] {
  const found: { path: string; mode: string; ino: number; data: string; device: string }[] = [];
  for (let at = 0; ; ) {
    assert.is(archive.subarray(at, at + 6).toString(), '070701');
    const field = (i: number) => Number.parseInt(archive.subarray(at + 6 + i * 8, at + 14 + i * 8).toString(), 16);
    const nameAt = at + 110;
    const name = archive.subarray(nameAt, nameAt + field(11) - 1).toString();
    const dataAt = Math.ceil((nameAt + field(11)) / 4) * 4;
    if (name === 'TRAILER!!!') return found;
    for (const zero of [2, 3, 5]) assert.is(field(zero), 0, 'owner, group and time are zero');
    const data = archive.subarray(dataAt, dataAt + field(6)).toString();
    found.push({ path: name, mode: field(1).toString(8), ino: field(0), data, device: `${field(9)}:${field(10)}` });
    at = Math.ceil((dataAt + field(6)) / 4) * 4;
  }
}

test('holds every entry with its folders before it', () => {
  const found = read(writeArchive(entries));
  assert.equal(
    found.map(({ path: name, mode, data, device }) => `${name} ${mode} ${data.trim()} ${device}`),
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

test('of two entries with one path the later counts', () => {
  const found = read(writeArchive([file('a', 'first'), file('a', 'second')]));
  assert.equal(
    found.map((entry) => entry.data),
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
