// SPDX-License-Identifier: MIT
/** The check of failing allocations, where requests fail for another reason: it must say violated. Only on a kernel that can. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { temporaryFolder } from '../../../results/testing/folders.ts';
import { cachedKernels } from '../../image/kernels.ts';
import type { Machine } from '../../machine.ts';
import { openProvider } from '../../providers.ts';
import { bootAndBuildMs, sh } from '../runner/testing/guest.ts';

const kernel = 'leaks';
const test = suite('the check of failing allocations, in a guest', { timeoutMs: bootAndBuildMs });
const property = 'where there is no helper, nobody is told of a want of memory';

let guest: Machine | undefined;
test.after(async () => await guest?.stop());

if (!cachedKernels().includes(kernel)) {
  // Its build takes minutes.
  test.skip(property, `kernel ${kernel} is not in the cache: \`npm run sanitize -- --kernel ${kernel}\` builds it`);
} else {
  test(property, async () => {
    const provider = openProvider('qemu');
    await provider.prepare({ kernel, locked: false, noInstall: true, progress: () => {} });
    guest = provider.create({ dir: temporaryFolder(), smp: 1, memoryMiB: 512 });
    await guest.start();
    await guest.ready();
    const words = '--route init --delivery helper --fallback stock --timeout-ms 5000';
    const said = await sh(
      guest,
      `insmod /keystorm/keystorm.ko; mv /sbin/request-key /sbin/away; cd /
       timeout 120 /keystorm/ks-check failing-allocations ${words}`,
    );
    const outcomes = Object.fromEntries(said.split('\n').map((line) => line.split(' ').slice(1, 3)));
    assert.is(outcomes['want-of-memory-is-told'], 'violated', said);
    assert.is(outcomes['want-of-memory-leaves-no-key'], 'held', said);
    assert.match(said, /^fault failing-allocation hits [1-9]\d* gone no$/m);
  });
}

test.run();
