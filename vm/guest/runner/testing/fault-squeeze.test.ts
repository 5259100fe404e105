// SPDX-License-Identifier: MIT
/** For how long a container's memory is squeezed: until the kernel has killed somebody for it. */
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('memory that is squeezed, by the runner', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  const runner = ['runner/fault.c', 'runner/fault_squeeze.c', 'runner/json.c'];
  program = new Program(['runner/testing/fault_squeeze.c', 'runner/testing/one_fault.c', ...runner]);
});
test.after(() => program?.remove());

test('one that has hit is over when it was to be', () => {
  assert.equal(program.lines(['100:0', '125:0', '150:1', '200:2']), [
    'at 100 due 100 limit 8M leaks 1 hits 0 cleared 0 looked 0',
    'at 125 due 150 limit 8M leaks 1 hits 0 cleared 0 looked 1',
    'at 150 due 175 limit 8M leaks 1 hits 0 cleared 0 looked 2',
    'at 200 due 225 limit max leaks 0 hits 2 cleared 1 looked 3',
  ]);
});

test('one that has hit nobody goes on until it has, and is looked at as often as before', () => {
  assert.equal(program.lines(['100:0', '200:0', '225:0', '250:1', '275:2']), [
    'at 100 due 100 limit 8M leaks 1 hits 0 cleared 0 looked 0',
    'at 200 due 225 limit 8M leaks 1 hits 0 cleared 0 looked 1',
    'at 225 due 250 limit 8M leaks 1 hits 0 cleared 0 looked 2',
    'at 250 due 275 limit max leaks 0 hits 1 cleared 1 looked 3',
    'at 275 due 300 limit max leaks 0 hits 1 cleared 1 looked 4',
  ]);
});

test('whose end is heard of only after the fault is replaced in the window, not when it is over', () => {
  const said = program.lines(['100:0', '200:1', '225:1', '250:1']);
  assert.equal(
    said.map((line) => line.slice(line.indexOf('cleared'))),
    ['cleared 0 looked 0', 'cleared 1 looked 1', 'cleared 1 looked 2', 'cleared 1 looked 3'],
  );
});

test('it ends with its window all the same, and says that it hit nobody', () => {
  const said = program.lines(['100:0', '200:0', 'over:0']);
  assert.match(said.at(-1) ?? '', / limit max leaks 0 hits 0 cleared 1 /);
});

test.run();
