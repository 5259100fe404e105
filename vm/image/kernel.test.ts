// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import type { PackageFile } from './apt.ts';
import { parseStanza } from './apt.ts';
import { type KernelSource, resolveKernel } from './kernel.ts';
import { findKernel } from './lock.ts';

const test = suite('kernel resolution');
const locked = findKernel('6.1');
const newer = '6.1.0-99-cloud-amd64';

/** A mirror that has `available`; the rest is what Debian's packages say of one another. */
function mirror(available: 'locked' | 'newer' | 'nothing', cached = false): KernelSource & { updates: number } {
  const depends: Record<string, string[]> = {
    'linux-image-cloud-amd64': [`linux-image-${newer}`],
    [`linux-headers-${newer}`]: ['linux-compiler-gcc-12-x86', 'linux-headers-6.1.0-99-common', 'linux-kbuild-6.1'],
  };
  const source = {
    updates: 0,
    has: async () => cached,
    apt: {
      update: async () => {
        source.updates++;
      },
      demandMirror: () => undefined,
      files: async (wanted: readonly { name: string; version: string }[]): Promise<PackageFile[] | undefined> => {
        const there = available === 'locked' ? locked.version : '6.1.250-1';
        if (available === 'nothing' || wanted.some((file) => file.version !== there)) return undefined;
        return wanted.map(({ name, version }) => ({ name, version, sha256: 'a'.repeat(64) }));
      },
      newest: async (name: string) =>
        available === 'nothing' ? undefined : { version: '6.1.250-1', depends: depends[name] ?? [] },
    },
  };
  return source;
}

test('follows the lock while the mirror has it', async () => {
  const said: string[] = [];
  const kernel = await resolveKernel(locked, true, mirror('locked'), (line) => said.push(line));
  assert.is(kernel.release, locked.release);
  assert.is(kernel.image.sha256, locked.packages.find((file) => file.role === 'image')?.sha256);
  assert.is(kernel.headers.length, locked.packages.length - 1);
  assert.equal([kernel.notes, said], [[], []]);
});

test('asks no mirror when the locked packages are in the cache', async () => {
  const source = mirror('nothing', true);
  assert.is((await resolveKernel(locked, true, source, () => undefined)).version, locked.version);
  assert.is(source.updates, 0);
});

test('takes the newest of the series, loudly, when the locked one is gone', async () => {
  const said: string[] = [];
  const source = mirror('newer');
  const kernel = await resolveKernel(locked, false, source, (line) => said.push(line));
  assert.is(source.updates, 1, 'outdated lists were no reason to give up on the lock');
  assert.is(kernel.release, newer);
  assert.is(kernel.version, '6.1.250-1');
  assert.equal(
    kernel.headers.map((file) => file.name),
    [`linux-headers-${newer}`, 'linux-headers-6.1.0-99-common', 'linux-kbuild-6.1'],
  );
  assert.is(kernel.notes.length, 1);
  assert.match(kernel.notes[0] ?? '', /6\.1\.192-2.* is gone from the mirror: using 6\.1\.250-1/);
  assert.ok(said.some((line) => line.startsWith('WARNING: ')));
});

for (const [name, strict, available, expected] of [
  ['refuses another kernel when it must be the locked one', true, 'newer', /--locked/],
  ['says so when the mirror has no kernel of the series', false, 'nothing', /No kernel of the series 6\.1/],
] as const) {
  test(name, async () => {
    try {
      await resolveKernel(locked, strict, mirror(available), () => undefined);
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, expected);
    }
  });
}

test('a paragraph of apt is read by its fields', () => {
  const text = 'Package: linux-image\nVersion: 6.1.192-2\nDescription-en: a kernel\n Version: not this\nSHA256: abc';
  assert.is(parseStanza(text).Version, '6.1.192-2');
  assert.is(parseStanza(text).SHA256, 'abc');
});

test.run();
