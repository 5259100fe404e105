// SPDX-License-Identifier: MIT
import path from 'node:path';
import * as assert from 'uvu/assert';
import { leavesKernelOpen, otherKernelSteps, testedElsewhere } from './other-kernels.ts';
import { root } from './run-all.ts';
import { suite } from './suite.ts';

const test = suite('tests on other kernels');

test('a test that takes its guest from those that ask which kernel runs on each, one that names a kernel does not', () => {
  assert.ok(leavesKernelOpen(path.join(root, 'vm/image/kernels.guest.test.ts')));
  assert.ok(leavesKernelOpen(path.join(root, 'vm/guest/module/selftest/module.guest.test.ts')));
  assert.not.ok(leavesKernelOpen(path.join(root, 'vm/qemu/pinning.guest.test.ts')));
});

test('each runs once on each kernel but the primary one', async () => {
  const counts = async (name: string) => {
    const { first, beside, alone } = await otherKernelSteps([name]);
    return [first.length, beside.length, alone.length];
  };
  assert.equal(await counts('image/kernels.guest'), [2, 0, 0]);
  assert.equal(await counts('no such test'), [0, 0, 0]);
});

test('kernels that another command tests on are said not to be run', () => {
  assert.equal(testedElsewhere(), [
    '     not run: kernel debug (npm run sanitize does)',
    '     not run: kernel leaks (npm run sanitize -- --kernel leaks --part rounds does)',
  ]);
});

test.run();
