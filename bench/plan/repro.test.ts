// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { smallOptions } from '../testing/test-run.ts';
import { reproCommand, shellQuoted } from './repro.ts';

const test = suite('the command that repeats a run');

test('it spells out every choice', () => {
  assert.is(
    reproCommand(smallOptions),
    'npm run -s keystorm -- bench --mechanism keyagent-fd --scenario latency --kernel 6.1 --machine fake --boots 2 --seed 7 --quick',
  );
});

test('rates and accelerator are named if they were', () => {
  const command = reproCommand({ ...smallOptions, rates: [20, 300], accelerator: 'tcg' });
  assert.match(command, ' --rate 20 --rate 300 --accelerator tcg ');
});

test('a tree is named in place of a kernel', () => {
  const command = reproCommand({ ...smallOptions, kernel: 'own-tree', kernelTree: '/home/me/my linux' });
  assert.match(command, " --kernel-tree '/home/me/my linux' --machine ");
  assert.not.match(command, '--kernel ');
});

test('a shell reads any words back as they were', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 0 }).map((text) => text.replaceAll('\0', ''));
  const words = fc.sample(fc.array(word, { minLength: 1, maxLength: 50 }), { numRuns: 20, seed: 1 }).flat();
  const nasty = ["it's", '$(id)', '`id`', 'a b', '', '\\', '"', '*', '!x', '-n', '\n'];
  const all = [...words, ...nasty];
  const script = `for word in ${all.map(shellQuoted).join(' ')}; do printf '%s\\0' "$word"; done`;
  const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  assert.is(status, 0);
  assert.equal(stdout.split('\0').slice(0, -1), all);
});

test.run();
