// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { runsAlone } from './alone.ts';
import { testFiles } from './files.ts';
import { guestSteps, leftToFull, onlyInFull, sharedOut } from './guest-tests.ts';
import { root, runSteps, testSteps } from './run-all.ts';
import type { StepResult } from './run-file.ts';
import { suite } from './suite.ts';

const test = suite('tests on guests, shared out');

const [alone = ''] = Object.keys(runsAlone);
const resultOf = (name: string): StepResult => ({ name, passed: 1, failed: 0, skipped: [], seconds: 0, output: '' });

test('whatever is said to run alone is there, and no test is left out', async () => {
  const [files, hosts] = [await testFiles(root, 'guest'), await testFiles(root, 'host')];
  for (const file of Object.keys(runsAlone)) assert.ok([...files, ...hosts].includes(file), file);
  const [steps, hostSteps] = [await guestSteps([], true), await testSteps('host')];
  assert.is(steps.alone.length + hostSteps.alone.length, Object.keys(runsAlone).length);
  assert.is(steps.first.length + steps.beside.length + steps.alone.length, files.length);
  assert.is(hostSteps.beside.length + hostSteps.alone.length, hosts.length);
});

test('the long ones are run in full and by name, and else named', async () => {
  const files = await testFiles(root, 'guest');
  const long = Object.keys(onlyInFull);
  for (const file of long) assert.ok(files.includes(file), file);
  const { first, beside, alone } = await guestSteps([], false);
  assert.is(first.length + beside.length + alone.length, files.length - long.length);
  assert.is(leftToFull([], false).length, long.length);
  assert.equal([leftToFull([], true), leftToFull(['lab'], false)], [[], []]);
  assert.is((await guestSteps(['lab/lab.guest'], false)).first.length, 1);
});

test('the others wait for the first to have built what they boot, also if it fails', async () => {
  for (const fails of [false, true]) {
    const order: string[] = [];
    let end: () => void = () => {};
    const { first, beside } = sharedOut(['a', 'b', 'c', alone], (file) => async () => {
      order.push(`${file} begins`);
      if (file === 'a') await new Promise<void>((resolve) => (end = resolve));
      order.push(`${file} ends`);
      return [{ ...resultOf(file), failed: fails ? 1 : 0 }];
    });
    assert.equal([first.length, beside.length], [1, 2]);
    const all = Promise.all([...beside, ...first].map((step) => step()));
    await new Promise(setImmediate);
    assert.equal(order, ['a begins']);
    end();
    await all;
    assert.equal(order.slice(0, 2), ['a begins', 'a ends']);
    assert.is(order.length, 6);
  }
});

test('a first that throws keeps nobody waiting', async () => {
  const { first, beside } = sharedOut(['a', 'b'], (file) => async () => {
    if (file === 'a') throw new Error('it cannot be run');
    return [resultOf(file)];
  });
  const [one, two] = await Promise.allSettled([...first, ...beside].map((step) => step()));
  assert.equal([one?.status, two?.status], ['rejected', 'fulfilled']);
});

test('one that is alone has nothing beside it', async () => {
  let running = 0;
  const files = Object.keys(runsAlone);
  const steps = sharedOut(files, (file) => async () => {
    assert.is(++running, 1, file);
    await new Promise(setImmediate);
    running--;
    return [];
  });
  assert.equal([steps.first.length, steps.beside.length], [0, 0]);
  await runSteps(steps.alone, 1);
});

test.run();
