// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { droppedOptions, optionsIn } from './options.ts';

const test = suite('configurations of the debug kernel');
const fragment = readFileSync(new URL('./kernel.config', import.meta.url), 'utf8');

test('an option that Kconfig dropped, turned into a module or switched off is named', () => {
  const asked = 'CONFIG_KASAN=y\nCONFIG_FAILSLAB=y\nCONFIG_KEYS=y\nCONFIG_NR_CPUS=8\n';
  const got = '# CONFIG_KASAN is not set\nCONFIG_KEYS=m\nCONFIG_NR_CPUS=8\n';
  assert.equal(droppedOptions(asked, got), ['CONFIG_KASAN=y', 'CONFIG_FAILSLAB=y', 'CONFIG_KEYS=y']);
});

test('an option that is to be off may be absent, but not on', () => {
  const asked = '# CONFIG_SPECULATION_MITIGATIONS is not set\n';
  assert.equal(droppedOptions(asked, ''), []);
  assert.equal(droppedOptions(asked, 'CONFIG_SPECULATION_MITIGATIONS=y\n'), ['CONFIG_SPECULATION_MITIGATIONS=n']);
});

test('the committed fragment asks for every sanitizer', () => {
  const options = optionsIn(fragment);
  for (const name of ['KASAN', 'PROVE_LOCKING', 'DEBUG_KMEMLEAK', 'FAILSLAB', 'DEBUG_ATOMIC_SLEEP', 'SLUB', 'UBSAN'])
    assert.is(options.get(`CONFIG_${name}`), 'y', name);
});

test('the committed fragment names nothing twice', () => {
  const names = fragment.match(/^(?:# )?CONFIG_\w+(?==| is not set)/gm) ?? [];
  assert.is(names.length, optionsIn(fragment).size);
});

test.run();
