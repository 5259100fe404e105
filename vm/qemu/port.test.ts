// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { MachineFailure } from '../failure.ts';
import { onSomePort } from './port.ts';

const test = suite('a port for a guest');

const taken = new MachineFailure('harness-fault', 'QEMU did not start: Could not set up host forwarding rule.');

/** Offers the ports 1, 2, ...; `start` says what comes of each. */
async function started(start: (port: number) => MachineFailure | undefined) {
  const tried: number[] = [];
  let next = 0;
  const choose = async () => ++next;
  const outcome = await onSomePort(choose, async (port) => {
    tried.push(port);
    return start(port);
  }).catch((error: unknown) => error as Error);
  return { tried, outcome };
}

test('another port is tried while the one before is taken', async () => {
  assert.equal(await started(() => undefined), { tried: [1], outcome: undefined });
  assert.equal(await started((port) => (port < 3 ? taken : undefined)), { tried: [1, 2, 3], outcome: undefined });
});

test('what is no matter of ports is tried once', async () => {
  const broken = new MachineFailure('harness-fault', 'QEMU did not start: no such machine.');
  const { tried, outcome } = await started(() => broken);
  assert.equal([tried, outcome], [[1], broken]);
});

test('a host on which every port is taken at once is told from one without ports', async () => {
  const { tried, outcome } = await started(() => taken);
  assert.equal(tried, [1, 2, 3, 4, 5]);
  assert.match(outcome?.message ?? '', /none of the ports 1, 2, 3, 4, 5 of 127\.0\.0\.1, which were free just before/);
});

test.run();
