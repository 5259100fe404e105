// SPDX-License-Identifier: MIT
/** Checks of faults of answers and arguments, where the kernel does something else than they expect: each can say violated. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { bootAndBuildMs, guestOf, sh } from '../runner/testing/guest.ts';

const test = suite('checks of answers, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

test('where the module answers whatever is asked, nobody misses a helper: the fault hits nothing', async () => {
  const words = '--route init --delivery helper --fallback stock --timeout-ms 5000';
  const said = await sh(
    machine(),
    `insmod /keystorm/keystorm.ko; echo null >/sys/module/keystorm/parameters/mode; cd /
     for check in helper-missing argument-limits; do timeout 60 /keystorm/ks-check $check ${words}; done`,
  );
  const outcomes = Object.fromEntries(said.split('\n').map((line) => line.split(' ').slice(1, 3)));
  assert.is(outcomes['missing-helper-is-told'], 'violated', said);
  assert.is(outcomes['missing-helper-leaves-negative'], 'violated', said);
  assert.is(outcomes['no-rule-is-told'], 'violated', said);
  assert.is(outcomes['no-rule-leaves-negative'], 'violated', said);
  assert.is(outcomes['longest-callout-served'], 'violated', said);
  assert.is(outcomes['bad-arguments-refused'], 'held', 'which is the kernel’s own');
  assert.match(said, /^fault helper-missing hits 0 gone yes$/m);
});

test.run();
