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
  assert.is((await otherKernelSteps(['image/kernels.guest'])).length, 2);
  assert.is((await otherKernelSteps(['no such test'])).length, 0);
});

test('kernels that another command tests on are said not to be run', () => {
  assert.equal(testedElsewhere(), ['     not run: kernel debug (npm run sanitize does)']);
});

test.run();
