// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { type KernelLock, lockFile, parseLock } from './lock.ts';

const test = suite('kernel lock');
const committed = readFileSync(lockFile, 'utf8');

test('the committed lock is valid, and its packages belong to its releases', () => {
  const { kernels } = parseLock(committed, 'lock');
  for (const kernel of kernels) {
    const [image] = kernel.packages.filter((file) => file.role === 'image');
    assert.is(image?.name, `linux-image-${kernel.release}`);
    assert.ok(kernel.packages.some((file) => file.name === `linux-headers-${kernel.release}`));
    assert.ok(kernel.release.startsWith(`${kernel.name}.`), kernel.release);
    for (const { name, version } of kernel.packages) {
      // Build tools have no release in their name; a mirror may have them newer than the kernel for a while.
      const upstream = kernel.version.replace(/-[^-]*$/, '-');
      if (name.startsWith('linux-kbuild-')) assert.ok(version.startsWith(upstream), `${name} ${version}`);
      else assert.is(version, kernel.version, name);
    }
  }
  assert.is(new Set(kernels.map(({ name }) => name)).size, kernels.length, 'each name once');
});

const spoilt: readonly (readonly [string, (lock: KernelLock) => unknown, RegExp])[] = [
  ['another schema', (lock) => ({ ...lock, schema: 'keystorm/kernels/3' }), /schema/],
  ['an unknown field', (lock) => ({ ...lock, extra: 1 }), /extra/],
  ['a short checksum', (lock) => withPackage(lock, { sha256: 'abc' }), /kernels\.0\.packages\.0\.sha256/],
  ['a name that is an option', (lock) => withPackage(lock, { name: '--purge' }), /packages\.0\.name/],
  ['no image', (lock) => withPackage(lock, { role: 'headers' }), /at least one package has the role image/],
];

for (const [name, spoil, expected] of spoilt) {
  test(`refuses ${name}, naming the place`, () => {
    const text = JSON.stringify(spoil(parseLock(committed, 'lock')));
    try {
      parseLock(text, 'my.lock.json');
      assert.unreachable();
    } catch (error) {
      assert.instance(error, KeystormError);
      assert.match((error as Error).message, expected);
      assert.match((error as Error).message, /^my\.lock\.json: /);
    }
  });
}

test('refuses what is not JSON', () => {
  assert.throws(() => parseLock('{', 'my.lock.json'), /^my\.lock\.json is not JSON|my\.lock\.json is not JSON/);
});

function withPackage(lock: KernelLock, change: Record<string, string>): unknown {
  const [kernel, ...kernels] = lock.kernels;
  const [first, ...packages] = kernel?.packages ?? [];
  return { ...lock, kernels: [{ ...kernel, packages: [{ ...first, ...change }, ...packages] }, ...kernels] };
}

test.run();
