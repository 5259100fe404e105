// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { KeystormError } from './failure.ts';
import { parseMachine, providerNames } from './provider-names.ts';
import { openProvider } from './providers.ts';

const test = suite('machine providers');

test('opens each known backend under its own name', () => {
  assert.ok(providerNames.includes('qemu'));
  for (const name of providerNames) assert.is(openProvider(name).name, name);
});

test("a machine that is somebody's is opened by its address, and says what it is not for", () => {
  const { name, abilities } = openProvider('ssh:root@lab1:2222');
  assert.is(name, 'ssh:root@lab1:2222');
  assert.equal(abilities, { disposable: false, chooseKernel: false });
  assert.equal(['ssh:lab1', 'ssh:', 'ssh', 'qemu:x'].map(parseMachine), [
    { kind: 'ssh', machine: 'lab1' },
    undefined,
    undefined,
    undefined,
  ]);
});

test('names the known ones when asked for another', () => {
  for (const name of ['virtualbox', 'toString', '']) {
    try {
      openProvider(name);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, KeystormError);
      assert.match((error as Error).message, `"${name}"; known are: qemu`);
    }
  }
});

test('guests of some backends alone can count instructions', () => {
  assert.is(openProvider('qemu', 'icount').name, 'qemu');
  assert.is(openProvider('fake', 'icount').name, 'fake');
  assert.throws(
    () => openProvider('vagrant', 'icount'),
    /Machine vagrant has no guests with clock icount: take --machine qemu or fake\./,
  );
});

test.run();
