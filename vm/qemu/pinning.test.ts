// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { inOrder, type PinningHost, parseCpuList, pinVcpus, thisHost, vcpuThreads } from './pinning.ts';

const test = suite('pinning of virtual processors');

/** A host whose processors 2n and 2n+1 share a core. `taken` are claimed by others; `stubborn` threads cannot be bound. */
function host(allowed: readonly number[], taken: readonly number[] = [], stubborn: readonly number[] = []) {
  const bound: string[] = [];
  const claimed = new Set<number>(taken);
  const made: PinningHost = {
    allowed,
    coreOf: (processor) => String(Math.floor(processor / 2)),
    claim: async (processor) => {
      if (claimed.has(processor)) return undefined;
      claimed.add(processor);
      return { release: () => void claimed.delete(processor) };
    },
    bind: async (tid, processors) => {
      if (stubborn.includes(tid)) return 'Operation not permitted';
      bound.push(`${tid} on ${processors}`);
      return undefined;
    },
  };
  return { made, bound, claimed };
}

test('each on a core of its own while there are cores, and away from the first', async () => {
  const { made, bound } = host([0, 1, 2, 3]);
  assert.equal((await pinVcpus([101, 102], made)).pins, [3, 1]);
  assert.equal(bound, ['101 on 3', '102 on 1']);
  assert.equal(
    inOrder([0, 1, 2, 3], (processor) => String(processor >> 1)),
    [3, 1, 2, 0],
  );
});

test('two harnesses of one host never pin to the same processor', async () => {
  const { made, claimed } = host([0, 1]);
  const first = await pinVcpus([101], made);
  const second = await pinVcpus([201], made);
  assert.equal([first.pins, second.pins], [[1], [0]]);
  const third = await pinVcpus([301], made);
  assert.is(third.pins, undefined);
  assert.match(third.note ?? '', 'guests of other harnesses have the processors');
  first.release();
  assert.equal([...claimed], [0]);
});

test('where it is not allowed or there are too few, a note says so and nothing stays claimed', async () => {
  const refused = host([0, 1], [], [102]);
  const pinning = await pinVcpus([101, 102], refused.made);
  assert.is(pinning.note, 'The virtual processors are not pinned: Operation not permitted.');
  assert.is(refused.claimed.size, 0);
  assert.equal(refused.bound, ['101 on 1', '101 on 0,1'], 'the one that was bound is free again');
  const few = await pinVcpus([101, 102], host([5]).made);
  assert.match(few.note ?? '', "there are 2, and this process may use 1 of the host's");
});

test("lists of processors and the monitor's answer are read", () => {
  assert.equal(parseCpuList('0-2,7\n'), [0, 1, 2, 7]);
  assert.equal(parseCpuList(''), []);
  const cpu = (index: number, thread: number) => ({ 'cpu-index': index, 'thread-id': thread, target: 'x86_64' });
  assert.equal(vcpuThreads([cpu(1, 31), cpu(0, 30)]), [30, 31]);
  assert.throws(() => vcpuThreads([{ 'cpu-index': 0 }]));
});

test('a processor of this host is claimed once, and again after its release', async () => {
  const { allowed, claim } = thisHost();
  assert.ok(allowed.length > 0);
  // No host has it, so no harness that runs meanwhile is disturbed.
  const nowhere = 1_000_000 + process.pid;
  const first = await claim(nowhere);
  assert.is(await claim(nowhere), undefined);
  first?.release();
  const again = await claim(nowhere);
  assert.ok(again);
  again?.release();
});

test.run();
