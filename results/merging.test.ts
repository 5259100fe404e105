// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { judge } from '../bench/judge/judge.ts';
import { metricsOf } from '../bench/measure/metrics.ts';
import { suite } from '../bench/testing/suite.ts';
import { KeystormError } from '../vm/failure.ts';
import { runFiles } from './manifest.ts';
import { demandTogether, readShard, type StoredShard, writeMerged } from './merging.ts';
import type { RecordBody } from './records.ts';
import { readRun, type StoredRun } from './run-reader.ts';
import { RunWriter } from './run-writer.ts';
import { blocksOf } from './shards.ts';
import { MemoryDisk } from './testing/memory-disk.ts';
import { aCell, aPlan } from './testing/plans.ts';
import { anyPlan, stored, storedShards } from './testing/shards.ts';

const test = suite('putting shards together', { timeoutMs: 120_000 });

const tool = { version: '1', commit: null, dirty: false };
const plan = aPlan([aCell({ expect: { 'every-request-ended': 'held' } })], 4);

function merged(disk: MemoryDisk, shards: readonly StoredShard[], dir: string, incomplete = false): StoredRun {
  const together = demandTogether(shards, { incomplete });
  writeMerged(together, { dir, runId: 'merged', tool, repro: 'true' }, { files: disk });
  return readRun(dir, disk);
}

test('a merge that fails on its way leaves nothing in the way of another', () => {
  const disk = new MemoryDisk();
  const shards = demandTogether(storedShards(disk, plan, 2), { incomplete: false });
  const origin = { dir: '/merged', runId: 'merged', tool, repro: 'true' };
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  const failing = () =>
    writeMerged(shards, origin, { files: disk }, () => {
      throw full;
    });
  assert.throws(failing, (error: unknown) => error instanceof KeystormError && error.exitCode === 3);
  for (const name of Object.values(runFiles)) assert.not(disk.exists(`/merged/${name}`), name);
  assert.is(merged(disk, shards, '/merged').status, 'complete');
});

function refusal(shards: readonly StoredShard[]): { code: number; message: string } {
  try {
    demandTogether(shards, { incomplete: false });
  } catch (error) {
    assert.instance(error, KeystormError);
    const { exitCode: code, message } = error as KeystormError;
    assert.match(message, /^[^.]+.*\.$/);
    return { code, message };
  }
  throw new Error('they were taken');
}

const bytesOf = (disk: MemoryDisk, dir: string) =>
  Object.values(runFiles).map((name) => disk.read(`${dir}/${name}`).toString('utf8'));

const anyDivision = anyPlan.chain((each) => {
  const counts = fc.integer({ min: 1, max: blocksOf(each).length });
  return counts.chain((count) => {
    const order = fc.shuffledSubarray([...Array(count).keys()], { minLength: count });
    return fc.record({ plan: fc.constant(each), count: fc.constant(count), order });
  });
});

test('for any plan, any number of shards and any order, they come to the same run, and to that of one harness', () => {
  fc.assert(
    fc.property(anyDivision, ({ plan: any, count, order }) => {
      const disk = new MemoryDisk();
      const whole = stored(disk, '/whole', any);
      const shards = storedShards(disk, any, count);
      const inOrder = merged(disk, shards, '/in-order');
      merged(
        disk,
        order.flatMap((i) => shards[i] ?? []),
        '/shuffled',
      );
      assert.equal(bytesOf(disk, '/shuffled'), bytesOf(disk, '/in-order'));
      assert.equal([inOrder.status, inOrder.problems], ['complete', []]);
      assert.is(JSON.stringify(metricsOf(inOrder)), JSON.stringify(metricsOf(whole)));
      assert.is(JSON.stringify(judge(inOrder)), JSON.stringify(judge(whole)));
    }),
    { numRuns: 20 },
  );
});

test('a figure is that of the host that took it', () => {
  const disk = new MemoryDisk();
  const shards = storedShards(disk, plan, 2, (index) => ({ host: `host-${index}` }));
  const [metric] = metricsOf(merged(disk, shards, '/merged'));
  assert.equal(
    metric?.samples.map(({ boot, host }) => [boot, host]),
    [0, 1, 2, 3].map((boot) => [boot, `host-${1 + (boot % 2)}`]),
  );
});

test('what is missing and what was cut off is named, and is exit code 4', () => {
  const disk = new MemoryDisk();
  const [first, second] = storedShards(disk, plan, 4, (index) => ({ cutOff: index === 2 }));
  assert.ok(first && second);
  const { code, message } = refusal([second, first]);
  assert.is(code, 4);
  assert.match(
    message,
    /shard 3\/4 is missing \(boot 2\); shard 4\/4 is missing \(boot 3\); shard 2\/4 in \/shards\/2 is inc/,
  );
  assert.match(message, /--incomplete\.$/);
});

test('asked for, they are merged all the same, and the run says what it lacks, once', () => {
  const disk = new MemoryDisk();
  const [first, second] = storedShards(disk, plan, 3, (index) => ({
    cutOff: index === 2,
    record: (body) => (body.kind === 'boot-end' && index === 2 ? null : body),
  }));
  assert.ok(first && second);
  const run = merged(disk, [second, first], '/merged', true);
  assert.is(run.status, 'incomplete');
  assert.equal(run.problems, [
    'Shard 2/3: There is no end.json: the harness was killed, or is still running.',
    'Shard 3/3 is missing, and with it boots 2.',
    'Boot 1 was begun but has no end.',
  ]);
  assert.equal(
    judge(run).map(({ verdict }) => verdict),
    ['unknown'],
  );
});

test('garbled frames of a shard are told once, with the shard', () => {
  const disk = new MemoryDisk();
  const shards = storedShards(disk, plan, 2, () => ({
    frame: (frame, boot) => (boot === 1 && frame.t === 'cell' ? { ...frame, id: 'c9' } : frame),
  }));
  const run = merged(disk, shards, '/merged', true);
  assert.equal(run.status, 'incomplete');
  assert.equal(run.problems.filter((problem) => /c9/.test(problem)).length, 1, run.problems.join('\n'));
  assert.match(run.problems[0] ?? '', /^Shard 2\/2: Boot 1: .*c9/);
});

test('a shard that was stopped makes the run a stopped one; one that was taken up does not, nor does it hide that', () => {
  const disk = new MemoryDisk();
  const shards = storedShards(disk, plan, 2);
  const stop = (index: number) => {
    const again = index - 1;
    const writer = RunWriter.resume(`/shards/${index}`, { again: [again], tool }, { files: disk, reading: disk });
    writer.append({ kind: 'aborted', boot: null, signal: 'SIGINT' });
    writer.finish('aborted');
    return readShard(`/shards/${index}`, disk);
  };
  const takenUp = (index: number) => {
    const stopped = stop(index);
    const again = [index - 1];
    const writer = RunWriter.resume(stopped.dir, { again, tool }, { files: disk, reading: disk });
    for (const body of bodiesOf(shards[index - 1], again)) writer.append(body);
    writer.finish('complete');
    return readShard(stopped.dir, disk);
  };
  const [first, second] = [stop(1), takenUp(2)];
  assert.equal([first.run.status, second.run.status], ['aborted', 'complete']);
  assert.is(refusal([first, second]).code, 4);
  const run = merged(disk, [first, second], '/merged', true);
  assert.is(run.status, 'aborted');
  assert.equal(
    run.manifest.merged?.shards.map(({ resumptions }) => resumptions),
    [1, 2],
  );
});

/** What a shard has of boots, to be written again. */
function bodiesOf(shard: StoredShard | undefined, boots: readonly number[]): RecordBody[] {
  return (shard?.run.records ?? [])
    .filter(({ boot }) => boot !== null && boots.includes(boot))
    .map(({ v: _v, seq: _seq, at: _at, hostNs: _hostNs, ...body }) => body);
}

test('a shard that is there twice is named with its folders', () => {
  const disk = new MemoryDisk();
  const [first, second] = storedShards(disk, plan, 2);
  assert.ok(first && second);
  stored(disk, '/again', plan, { index: 2, count: 2 });
  const { code, message } = refusal([readShard('/again', disk), first, second]);
  assert.is(code, 2);
  assert.match(message, /^There more than once: shard 2\/2 \(\/again, \/shards\/2\); give each once\.$/);
});

test('shards of another plan, or of another division of the same, are refused', () => {
  const disk = new MemoryDisk();
  const [first] = storedShards(disk, plan, 2);
  assert.ok(first);
  stored(disk, '/other', { ...plan, seed: 8 }, { index: 2, count: 2 });
  const other = refusal([first, readShard('/other', disk)]);
  assert.is(other.code, 2);
  assert.match(
    other.message,
    /^\/other is a shard of plan [0-9a-f]{12}, \/shards\/1 of plan [0-9a-f]{12}: give the shards/,
  );
  stored(disk, '/third', plan, { index: 3, count: 3 });
  const third = refusal([first, readShard('/third', disk)]);
  assert.is(third.code, 2);
  assert.match(third.message, /^\/third is shard 3\/3, \/shards\/1 is shard 1\/2: give the shards of one division/);
});

for (const field of ['kernelConfigHash', 'moduleHash', 'imageHash', 'accelerator'] as const) {
  test(`shards whose guests had another ${field} are refused`, () => {
    const disk = new MemoryDisk();
    const value = field === 'accelerator' ? 'tcg' : 'other';
    const shards = storedShards(disk, plan, 2, (index) => ({
      record: (body) =>
        body.kind === 'boot-start' && index === 2
          ? { ...body, description: { ...body.description, [field]: value } }
          : body,
    }));
    const { code, message } = refusal(shards);
    assert.is(code, 2);
    assert.match(message, new RegExp(`^The guests of /shards/1 had ${field} \\w+, those of /shards/2 ${value}: `));
  });
}

test('a run of a whole plan is no shard, and neither is one that was put together', () => {
  const disk = new MemoryDisk();
  stored(disk, '/whole', plan);
  assert.throws(
    () => readShard('/whole', disk),
    /\/whole is a run of its whole plan: give the folders that `bench --shard` wrote/,
  );
  merged(disk, storedShards(disk, plan, 2), '/merged');
  assert.throws(() => readShard('/merged', disk), /\/merged was put together of shards itself/);
});

test.run();
