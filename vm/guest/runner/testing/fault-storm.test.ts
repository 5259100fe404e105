// SPDX-License-Identifier: MIT
/** A storm of requesters as the runner brings it about: what is counted, and that it is over however it ends. */
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('a storm of requesters, by the runner', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  const runner = ['runner/fault.c', 'runner/fault_storm.c', 'runner/json.c'];
  program = new Program(['runner/testing/fault_storm.c', 'runner/testing/one_fault.c', ...runner]);
});
test.after(() => program?.remove());

/** So many rounds before it, while it is on, and after it. */
const cleared = (...rounds: readonly [number, number, number]) => program.lines(['cleared', ...rounds]);

test('a hit is a round that began while it was on, and one more may just have been about to', () => {
  assert.equal(cleared(0, 5, 0), ['gate 0 hits 5 cleared 1 gone 1']);
  assert.equal(cleared(3, 5, 1), ['gate 0 hits 5 cleared 1 gone 1']);
  assert.equal(cleared(3, 0, 0), ['gate 0 hits 0 cleared 1 gone 1']);
});

test('one that goes on when it was cleared is not gone', () => {
  assert.equal(cleared(3, 5, 2), ['gate 0 hits 5 cleared 1 gone 0']);
});

test('its gate is closed, too, when things went wrong and nobody looks any more', () => {
  assert.equal(program.lines(['abandoned']), ['gate 0 hits 0 cleared 0 gone 0']);
});

test.run();
