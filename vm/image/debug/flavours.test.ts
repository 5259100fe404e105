// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { slownessOf } from '../kernels.ts';
import { primaryKernel } from '../primary-kernel.ts';
import { readConfig } from '../tree/needed-options.ts';
import { demandsOf } from './demands.ts';
import { flavours, fragmentOf } from './flavours.ts';

const test = suite('flavours of the debug kernel');

test('what a flavour leaves out is gone with all that belongs to it, and nothing else is', () => {
  const [all, some] = [readConfig(fragmentOf([])), readConfig(fragmentOf(['KASAN', 'DEBUG_LIST']))];
  const gone = [...all.keys()].filter((option) => !some.has(option));
  assert.equal(gone.sort(), ['DEBUG_LIST', 'KASAN', 'KASAN_GENERIC', 'KASAN_INLINE', 'KASAN_VMALLOC']);
});

test('every flavour finds leaks and fails allocations, and names only options that there are', () => {
  const all = readConfig(fragmentOf([]));
  for (const { without } of flavours) {
    const config = readConfig(fragmentOf(without));
    for (const option of ['DEBUG_KMEMLEAK', 'FAILSLAB', 'KEYS']) assert.is(config.get(option), 'y');
    for (const name of without)
      assert.ok(
        [...all.keys()].some((option) => option === name || option.startsWith(`${name}_`)),
        name,
      );
  }
});

test('the fewer it looks at, the less patience its guests need', () => {
  const [debug = 0, leaks = 0] = flavours.map(({ without }) => demandsOf(readConfig(fragmentOf(without)))?.slowness);
  assert.ok(leaks > 1 && leaks < debug, `${leaks} of ${debug}`);
  // Known by name as well, before anything is built; of Debian's own kernels nobody needs any.
  const known = ['debug', 'leaks', primaryKernel].map((kernel) => slownessOf({ kernel }));
  assert.equal(known, [debug, leaks, 1]);
});

test.run();
