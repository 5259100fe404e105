// SPDX-License-Identifier: MIT
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { PrivateApt } from './apt.ts';

const test = suite('private apt', { timeoutMs: 20_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-apt-'));
const usualPath = process.env.PATH;
test.after(() => {
  process.env.PATH = usualPath;
  rmSync(root, { recursive: true, force: true });
});
let count = 0;

/** An apt that does what `script` says, with its arguments in $*, and a cache of its own. */
function aptThat(script: string): {
  apt: PrivateApt;
  lists: string;
  stamp: string;
  calls: () => string[];
  said: string[];
} {
  const dir = path.join(root, String(count++));
  const bin = path.join(dir, 'bin');
  mkdirSync(bin, { recursive: true });
  const log = path.join(dir, 'calls');
  for (const name of ['apt-get', 'apt-cache']) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\necho "$*" | sed 's/^-c [^ ]* //' >>${log}\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  process.env.PATH = `${bin}:${usualPath}`;
  const said: string[] = [];
  const cache = new Cache(path.join(dir, 'cache'));
  const folder = path.join(cache.root, 'apt', 'suite');
  const calls = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  const apt = new PrivateApt(cache, 'suite', (line) => said.push(line));
  return { apt, lists: path.join(folder, 'lists'), stamp: path.join(folder, 'updated'), calls, said };
}

test('touches nothing before it is asked for something', () => {
  const { apt, calls } = aptThat('exit 0');
  assert.not.ok(existsSync(apt.cache.root));
  assert.equal(calls(), []);
});

test('lists are fetched once, and by the next one not at all while they are recent', async () => {
  const { apt, stamp, calls } = aptThat('exit 0');
  await apt.update();
  await apt.update();
  await apt.update(true);
  assert.equal(calls(), ['update']);
  assert.ok(existsSync(stamp));
  const next = new PrivateApt(apt.cache, 'suite', () => undefined);
  await next.update();
  assert.equal(calls(), ['update']);
  await next.update(true);
  assert.equal(calls(), ['update', 'update']);
});

// apt says so on either stream, and exits with 0.
for (const words of [
  `echo "Err:1 http://mirror suite InRelease"; echo "  Temporary failure resolving 'mirror'"`,
  `echo "W: Failed to fetch http://mirror/InRelease  Temporary failure resolving 'mirror'" >&2`,
]) {
  test('a mirror that cannot be reached: what is missing is named, and the next one asks again', async () => {
    const { apt, stamp } = aptThat(words);
    apt.demandMirror('nothing');
    await apt.update();
    assert.not.ok(existsSync(stamp));
    try {
      apt.demandMirror('the kernel 6.1');
      assert.unreachable();
    } catch (error) {
      assert.instance(error, KeystormError);
      assert.is((error as KeystormError).exitCode, 2);
      assert.match(
        (error as Error).message,
        /^The cache .+ lacks the kernel 6\.1, and fetching from Debian's mirror failed \(Temporary failure resolving 'mirror'\): connect .+ KEYSTORM_CACHE/,
      );
    }
  });
}

test('a full disk is not taken for a lack of network', async () => {
  const { apt } = aptThat('echo "E: Write error - write (28: No space left on device)" >&2; exit 100');
  await apt.update();
  try {
    apt.demandMirror('the kernel 6.1');
    assert.unreachable();
  } catch (error) {
    assert.is((error as KeystormError).exitCode, 3);
    assert.match((error as Error).message, `The disk of the cache ${apt.cache.root} is full: free some space`);
  }
});

test('other sources than the host has are put beside its configuration, which then knows no others', async () => {
  const { apt } = aptThat('cp "$2" "$(dirname "$2")/seen"');
  let made = 0;
  const other = new PrivateApt(
    apt.cache,
    'other',
    () => undefined,
    async (dir) => `Types: deb\nURIs: ${path.basename(dir)}${++made}\n`,
  );
  await other.update();
  await other.update(true);
  const folder = path.join(apt.cache.root, 'apt', 'other');
  assert.is(readFileSync(path.join(folder, 'sources', 'debian.sources'), 'utf8'), 'Types: deb\nURIs: other1\n');
  const seen = readFileSync(path.join(folder, 'seen'), 'utf8');
  assert.match(seen, 'Dir::Etc::sourcelist "/dev/null";');
  assert.match(seen, `Dir::Etc::sourceparts "${folder}/sources";`);
});

test('lists that apt stumbles over are thrown away and fetched again', async () => {
  const { apt, lists, stamp, calls, said } = aptThat(
    'for l in "$(dirname "$2")"/lists/*_Packages; do if [ -e "$l" ]; then echo "E: $l Unexpected end of file" >&2; exit 100; fi; done',
  );
  mkdirSync(lists, { recursive: true });
  writeFileSync(path.join(lists, 'mirror_Packages'), 'half');
  await apt.update();
  assert.equal(calls(), ['update', 'update']);
  assert.not.ok(existsSync(path.join(lists, 'mirror_Packages')));
  assert.ok(existsSync(stamp));
  assert.match(said.at(-1) ?? '', 'Unexpected end of file); fetching all anew');
});

test('a download that fails names the packages, and the next one fetches lists first', async () => {
  const { apt, stamp } = aptThat(
    'case "$*" in *download*) echo "E: Failed to fetch http://m/a.deb  404  Not Found" >&2; exit 100;; esac',
  );
  const error = await apt.download([{ name: 'bash', version: '5' }], root).catch((thrown: unknown) => thrown);
  assert.instance(error, KeystormError);
  assert.not.ok(existsSync(stamp));
  assert.match((error as Error).message, /lacks the packages bash, .+ failed \(404 {2}Not Found\)/);
});

test.run();
