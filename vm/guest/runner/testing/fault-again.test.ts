// SPDX-License-Identifier: MIT
/** A fault that finds nobody to hit looks again, for as long as it was to last; and one that was never tried says so by its time. */
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('faults that find nobody, by the runner', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  program = new Program([
    'runner/testing/fault_again.c',
    'runner/testing/one_fault.c',
    'runner/fault.c',
    'runner/json.c',
  ]);
});
test.after(() => program?.remove());

test('whoever comes in its time is hit, and it is over when it was to be', () => {
  assert.equal(program.lines(['100:0', '125:0', '150:1', '200:1']), [
    'at 100 due 125 hits 0 cleared 0',
    'at 125 due 150 hits 0 cleared 0',
    'at 150 due 200 hits 1 cleared 0',
    'at 200 due -1 hits 1 cleared 1',
  ]);
});

test('whoever comes when it was to be over is left alone: it would be undone at once, and show nothing', () => {
  const lines = program.lines(['100:0', '125:0', '150:0', '175:0', '200:1', '300:1', 'settled:1']);
  assert.equal(lines.slice(3, 7), [
    'at 175 due -1 hits 0 cleared 0',
    'at 200 due -1 hits 0 cleared 0',
    'at 300 due -1 hits 0 cleared 0',
    'at settled due -1 hits 0 cleared 0',
  ]);
  assert.is.not(lines[7], 'reported at 5000 ms', 'it was tried, and that was earlier');
});

test('one that nobody had the time to try is reported as of the end of its window', () => {
  assert.equal(program.lines(['settled:1']), ['at settled due -1 hits 0 cleared 0', 'reported at 5000 ms']);
});

test.run();
