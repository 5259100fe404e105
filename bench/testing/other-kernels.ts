// SPDX-License-Identifier: MIT
/** Tests on guests again, with every kernel but the primary one: what makes `npm run test:full` full. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { kernelEntries } from '../../vm/image/kernels.ts';
import { primaryKernel } from '../../vm/image/primary-kernel.ts';
import { testFiles } from './files.ts';
import { testKernelVariable } from './guest-kernel.ts';
import { type GuestSteps, sharedOut } from './guest-tests.ts';
import { fileBoundMs, root } from './run-all.ts';
import { runTestFile } from './run-file.ts';

/** A test that leaves the kernel to whoever runs it: it asks for it, or has its guest from those that do. */
const anyKernel = /from '.*\/(guest-kernel|testing\/guest)\.ts'/;

/** A step for each such test, of those whose path contains one of `names` (none given: all), and each other kernel. */
export async function otherKernelSteps(names: readonly string[]): Promise<GuestSteps> {
  const files = (await testFiles(root, 'guest', names)).filter((file) => leavesKernelOpen(path.join(root, file)));
  const kernels = kernelEntries().filter(({ name, testedBy }) => name !== primaryKernel && testedBy === undefined);
  const each = kernels.map(({ name }) =>
    sharedOut(files, (file) => async () => {
      const result = await runTestFile(root, file, fileBoundMs.guest, { [testKernelVariable]: name });
      return [{ ...result, name: `${file} (kernel ${name})` }];
    }),
  );
  const all = (part: keyof GuestSteps) => each.flatMap((steps) => steps[part]);
  return { first: all('first'), beside: all('beside'), alone: all('alone') };
}

export function leavesKernelOpen(file: string): boolean {
  return anyKernel.test(readFileSync(file, 'utf8'));
}

/** What is not run here, and what runs it. */
export function testedElsewhere(): string[] {
  return kernelEntries().flatMap(({ name, testedBy }) =>
    testedBy === undefined ? [] : [`     not run: kernel ${name} (${testedBy} does)`],
  );
}
