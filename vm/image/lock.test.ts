// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { findKernel, type KernelLock, lockFile, parseLock } from './lock.ts';

const test = suite('kernel lock');
const committed = readFileSync(lockFile, 'utf8');

test('the committed lock is valid, and its packages belong to its releases', () => {
  for (const kernel of parseLock(committed, 'lock').kernels) {
    const image = kernel.packages.find((file) => file.role === 'image');
    assert.is(image?.name, `linux-image-${kernel.release}`);
    assert.ok(kernel.packages.some((file) => file.name === `linux-headers-${kernel.release}`));
    for (const file of kernel.packages) assert.is(file.version, kernel.version, file.name);
  }
});

test('a kernel is found by its name, and an unknown one names the known', () => {
  assert.is(findKernel('6.1').name, '6.1');
  assert.throws(() => findKernel('2.6'), /no kernel "2.6".*known are: .*6\.1/);
});

const spoilt: readonly (readonly [string, (lock: KernelLock) => unknown, RegExp])[] = [
  ['another schema', (lock) => ({ ...lock, schema: 'keystorm/kernels/2' }), /schema/],
  ['an unknown field', (lock) => ({ ...lock, extra: 1 }), /extra/],
  ['a short checksum', (lock) => withPackage(lock, { sha256: 'abc' }), /kernels\.0\.packages\.0\.sha256/],
  ['a name that is an option', (lock) => withPackage(lock, { name: '--purge' }), /packages\.0\.name/],
  ['no image', (lock) => withPackage(lock, { role: 'headers' }), /exactly one package has the role image/],
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
