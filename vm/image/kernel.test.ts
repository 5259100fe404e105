// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import type { PackageFile } from './apt.ts';
import { parseStanza } from './apt.ts';
import { compilerAmong, type KernelSource, newestOfSeries, resolveKernel } from './kernel.ts';
import { type LockedKernel, readLock } from './lock.ts';

const test = suite('kernel resolution');
const locked = ofLock('6.1');
const newer = '6.1.0-99-cloud-amd64';

function ofLock(name: string): LockedKernel {
  const found = readLock().kernels.find((kernel) => kernel.name === name);
  assert.ok(found);
  return found;
}

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
        const isThere = (file: { name: string; version: string }) =>
          available === 'locked'
            ? locked.packages.some(({ name, version }) => name === file.name && version === file.version)
            : available === 'newer' && file.version === '6.1.250-1';
        if (!wanted.every(isThere)) return undefined;
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
  const ofRole = (role: string) => locked.packages.filter((file) => file.role === role).map(({ sha256 }) => sha256);
  assert.equal(
    kernel.image.map(({ sha256 }) => sha256),
    ofRole('image'),
  );
  assert.equal(
    kernel.headers.map(({ sha256 }) => sha256),
    ofRole('headers'),
  );
  assert.is(kernel.compiler, locked.compiler);
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

test('what only modules are built with may be newer: then the kernel is still the locked one, and that is said', async () => {
  const newest = '6.1.192-9';
  const common = 'linux-headers-6.1.0-56-common';
  const depends: Record<string, string[]> = {
    [locked.meta]: [`linux-image-${locked.release}`],
    [`linux-headers-${locked.release}`]: ['linux-compiler-gcc-12-x86', common, 'linux-kbuild-6.1'],
  };
  const versionOf = (name: string) => (name === 'linux-kbuild-6.1' ? newest : locked.version);
  const source: KernelSource = {
    has: async () => false,
    apt: {
      update: async () => undefined,
      demandMirror: () => undefined,
      newest: async (name) => ({ version: versionOf(name), depends: depends[name] ?? [] }),
      files: async (wanted) => {
        if (wanted.some(({ name, version }) => version !== versionOf(name))) return undefined;
        return wanted.map((file) => {
          const same = locked.packages.find(({ name, version }) => name === file.name && version === file.version);
          return { ...file, sha256: same?.sha256 ?? 'a'.repeat(64) };
        });
      },
    },
  };
  const kernel = await resolveKernel(locked, false, source, () => undefined);
  assert.is(kernel.version, locked.version);
  assert.match(
    kernel.notes[0] ?? '',
    /^The locked kernel 6\.1 \(.+\) is booted, but .*using linux-kbuild-6\.1 6\.1\.192-9 instead of/,
  );
  const refused = await resolveKernel(locked, true, source, () => undefined).catch((error: unknown) => error);
  assert.match((refused as Error).message, /--locked/);
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

test('a kernel in several packages is taken whole, and what else they depend on is not', async () => {
  const release = '7.9.1+deb14-cloud-amd64';
  const own = ['image', 'base', 'binary', 'modules'].map((part) => `linux-${part}-${release}`);
  const depends: Record<string, string[]> = {
    'linux-image-cloud-amd64': ['linux-base-cloud-amd64', `linux-image-${release}`],
    [`linux-image-${release}`]: ['dracut', ...own.slice(1)],
    [`linux-modules-${release}`]: ['kmod', `linux-base-${release}`],
    [`linux-headers-${release}`]: [
      ...['gcc-16-for-host', 'linux-base', `linux-base-${release}`],
      ...['linux-headers-7.9.1+deb14-common', 'linux-kbuild-7.9.1+deb14'],
    ],
  };
  const kernel = await newestOfSeries(
    { name: '7.9', suite: 'sid', meta: 'linux-image-cloud-amd64' },
    {
      newest: async (name) => ({ version: '7.9.1-1', depends: depends[name] ?? [] }),
      files: async (wanted) => wanted.map((file) => ({ ...file, sha256: 'a'.repeat(64) })),
    },
  );
  assert.is(kernel.release, release);
  assert.is(kernel.compiler, 'gcc-16-for-host');
  assert.equal(kernel.image.map((file) => file.name).sort(), [...own].sort());
  assert.is(kernel.image[0]?.name, `linux-image-${release}`);
  assert.equal(
    kernel.headers.map((file) => file.name),
    [`linux-headers-${release}`, 'linux-headers-7.9.1+deb14-common', 'linux-kbuild-7.9.1+deb14'],
  );
});

test('the compiler that headers demand is known in each way in which Debian says it', () => {
  assert.is(compilerAmong(['linux-base', 'linux-compiler-gcc-12-x86']), 'gcc-12');
  assert.is(compilerAmong(['linux-base', 'gcc-14']), 'gcc-14');
  assert.is(compilerAmong(['gcc-16-for-host', 'linux-base']), 'gcc-16-for-host');
  assert.is(compilerAmong(['clang-19', 'linux-base']), undefined);
});

test('a paragraph of apt is read by its fields', () => {
  const text = 'Package: linux-image\nVersion: 6.1.192-2\nDescription-en: a kernel\n Version: not this\nSHA256: abc';
  assert.is(parseStanza(text).Version, '6.1.192-2');
  assert.is(parseStanza(text).SHA256, 'abc');
});

test.run();
