// SPDX-License-Identifier: MIT
/** A few thousand hostile calls on a real kernel; and that the oracle fires for each thing that must not be. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { bootAndBuildMs, guestOf } from '../runner/testing/guest.ts';

const test = suite('hostile calls, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

/** A call that does not return is waited for, 20 s on a kernel of usual speed. */
const fuzzedMs = 200_000;

/** Its last line. It unloads the module, unless that is what it could not do. */
async function fuzz(words: string): Promise<string> {
  const shell = machine().abilities.shell;
  assert.ok(shell, 'this guest has no shell');
  const load = 'grep -q ^keystorm /proc/modules || insmod /keystorm/keystorm.ko';
  const said = await shell.run(`${load}; /keystorm/ks-fuzz ${words}`, { timeoutMs: fuzzedMs });
  return said.stdout.trim().split('\n').at(-1) ?? '';
}

test('calls at every interface disturb nobody', async () => {
  assert.match(await fuzz('--seed 7 --calls 4000 --seconds 100'), /^ok \d{4,} calls, seed 7$/);
});

for (const [sabotage, why] of [
  ['setting', /the setting refusal_s is 7 after calls by users who may not set it/],
  ['canary', /a request of the canary's on route session does not end/],
  ['stuck', /an ordinary user does not return from read/],
  ['taint', /the kernel is tainted with \d+/],
  ['queue', /the module cannot be unloaded/],
] as const)
  test(`it is noticed when what must hold is broken: ${sabotage}`, async () => {
    const line = await fuzz(`--calls 400 --sabotage ${sabotage}`);
    assert.match(line, /^not ok \d+ calls, seed 1: /);
    assert.match(line, why);
  });

test.run();
