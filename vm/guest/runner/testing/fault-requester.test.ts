// SPDX-License-Identifier: MIT
/** Requesters are killed while they wait for an answer; one that had its answer before the signal is none that was hit. */
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('requesters that are killed, by the runner', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  const runner = ['runner/fault.c', 'runner/fault_requester.c', 'runner/json.c'];
  program = new Program(['runner/testing/fault_requester.c', 'runner/testing/one_fault.c', ...runner]);
});
test.after(() => program?.remove());

test('so many of those that wait are killed, and nobody else', () => {
  assert.equal(program.lines(['2', '100:rara', '125:aaaa', '200:aaaa']), [
    'at 100 killed a hits 0 cleared 0',
    'at 125 killed a hits 0 cleared 0',
    'at 200 killed a hits 2 cleared 1',
  ]);
});

test('where nobody waits it looks again', () => {
  assert.equal(program.lines(['1', '100:rrrr', '125:rrar', '200:rrrr']), [
    'at 100 killed 0 hits 0 cleared 0',
    'at 125 killed 4 hits 0 cleared 0',
    'at 200 killed 4 hits 1 cleared 1',
  ]);
});

test('in the place of one that had its answer before the signal another is chosen', () => {
  assert.equal(program.lines(['2', '100:larr', '125:rrra', '200:rrrr']), [
    'at 100 killed 3 hits 0 cleared 0',
    'at 125 killed b hits 0 cleared 0',
    'at 200 killed b hits 2 cleared 1',
  ]);
});

test('where there is no other, fewer are hit, and that is what is said', () => {
  const lines = program.lines(['2', '100:larr', '125:rrrr', '150:rrrr', '200:rrrr']);
  assert.is(lines.at(-1), 'at 200 killed 3 hits 1 cleared 1');
});

test.run();
