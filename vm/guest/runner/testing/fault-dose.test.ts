// SPDX-License-Identifier: MIT
/** For how long an agent is asked to do something wrong: until it has done so, or is asked for something else. */
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('doses of agents, by the runner', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  const runner = ['runner/fault.c', 'runner/fault_dose.c', 'runner/dose.c', 'runner/json.c'];
  program = new Program(['runner/testing/fault_dose.c', 'runner/testing/one_fault.c', ...runner]);
});
test.after(() => program?.remove());

test('each that has hit is over when it was to be', () => {
  assert.equal(program.lines(['100:0', '200:2', '300:0', '400:1']), [
    'at 100 asked garble hits 0 cleared 0 hits 0 cleared 0',
    'at 200 asked nothing hits 2 cleared 1 hits 0 cleared 0',
    'at 300 asked repeat hits 2 cleared 1 hits 0 cleared 0',
    'at 400 asked nothing hits 2 cleared 1 hits 1 cleared 1',
  ]);
});

test('one that has hit nobody goes on until it has', () => {
  assert.equal(program.lines(['100:0', '200:0', '250:1', '300:0']), [
    'at 100 asked garble hits 0 cleared 0 hits 0 cleared 0',
    'at 200 asked garble hits 0 cleared 0 hits 0 cleared 0',
    'at 250 asked nothing hits 1 cleared 1 hits 0 cleared 0',
    'at 300 asked repeat hits 1 cleared 1 hits 0 cleared 0',
  ]);
});

test('it makes room for the next, and takes nothing from that', () => {
  assert.equal(program.lines(['100:0', '200:0', '300:0', '325:0', '400:0', 'over:0']), [
    'at 100 asked garble hits 0 cleared 0 hits 0 cleared 0',
    'at 200 asked garble hits 0 cleared 0 hits 0 cleared 0',
    'at 300 asked repeat hits 0 cleared 1 hits 0 cleared 0',
    'at 325 asked repeat hits 0 cleared 1 hits 0 cleared 0',
    'at 400 asked repeat hits 0 cleared 1 hits 0 cleared 0',
    'at over asked nothing hits 0 cleared 1 hits 0 cleared 1',
  ]);
});

test('one that finds nobody looks again, until the window is over', () => {
  assert.equal(program.lines(['100:-', '110:0', '125:0', '200:1']), [
    'at 100 asked nothing hits 0 cleared 0 hits 0 cleared 0',
    'at 110 asked nothing hits 0 cleared 0 hits 0 cleared 0',
    'at 125 asked garble hits 0 cleared 0 hits 0 cleared 0',
    'at 200 asked nothing hits 1 cleared 1 hits 0 cleared 0',
  ]);
  const never = program.lines(['100:-', '200:-', '300:-', 'over:-']);
  assert.is(never.at(-1), 'at over asked nothing hits 0 cleared 0 hits 0 cleared 0');
});

test('one that looks again looks no longer than until another comes to the same agent', () => {
  assert.equal(program.lines(['100:-', '200:-', '300:-', '325:0', '400:1', 'over:0']).slice(2), [
    'at 300 asked nothing hits 0 cleared 0 hits 0 cleared 0',
    'at 325 asked repeat hits 0 cleared 0 hits 0 cleared 0',
    'at 400 asked nothing hits 0 cleared 0 hits 1 cleared 1',
    'at over asked nothing hits 0 cleared 0 hits 1 cleared 1',
  ]);
});

test.run();
