// SPDX-License-Identifier: MIT
/** A run that was cut off, taken up again: whatever is left of it, it comes to be what it would have been. */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { bootsOf } from '../../results/boots.ts';
import { runFiles } from '../../results/manifest.ts';
import { unfinishedBoots } from '../../results/resumption.ts';
import { readRun } from '../../results/run-reader.ts';
import { RunWriter } from '../../results/run-writer.ts';
import { KeystormError } from '../../vm/failure.ts';
import { FakeProvider } from '../../vm/fake/provider.ts';
import { VirtualClock } from '../../vm/fake/virtual-clock.ts';
import { judge } from '../judge/judge.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { hostClockOf, runPlan } from './run.ts';
import { silentListener } from './testing/listeners.ts';
import { tinyPlan } from './testing/tiny-plan.ts';

const test = suite('a run that is taken up again', { timeoutMs: 120_000 });
test.after(removeTestRuns);

const plan = tinyPlan(3);
const tool = { version: '1', commit: null, dirty: false };

/** Does what is left of the run, as `bench --resume` does. */
async function takeUp(dir: string): Promise<void> {
  const stored = readRun(dir);
  const boots = unfinishedBoots(stored.manifest.plan, stored.records);
  const clock = new VirtualClock();
  const provider = new FakeProvider({ clock, script: [] });
  await provider.prepare({ kernel: '6.1', locked: true, noInstall: true, progress: () => {} });
  const again = boots.map(({ index }) => index);
  const writer = RunWriter.resume(dir, { again, tool }, { clock: hostClockOf(clock) });
  const { signal } = new AbortController();
  await runPlan({ plan: stored.manifest.plan, provider, writer, boots, listener: silentListener, signal });
}

const whole = await testRun({ made: plan });
const frames = readFileSync(path.join(whole.dir, runFiles.frames));

/** What counts of each boot: how far it came, and what its guest said. */
const toldBy = (dir: string) => {
  const { manifest, records } = readRun(dir);
  return bootsOf(manifest.plan, records).map(({ end, finished, reason, frames: told }) => [
    ...[end?.outcome, finished, reason, told.length],
    ...told.map(({ frame }) => frame.t),
  ]);
};

/** A copy of the whole run, cut off at that byte of its records, its end gone. */
function cutAt(length: number): string {
  const dir = testFolder();
  writeFileSync(path.join(dir, runFiles.manifest), readFileSync(path.join(whole.dir, runFiles.manifest)));
  writeFileSync(path.join(dir, runFiles.frames), frames.subarray(0, length));
  return dir;
}

test('cut off at any byte and taken up, it is the run that it would have been', async () => {
  const [told, verdicts] = [toldBy(whole.dir), judge(whole.judged.run)];
  await fc.assert(
    fc.asyncProperty(fc.nat(frames.lastIndexOf(0x0a, -2)), async (length) => {
      const dir = cutAt(length);
      const before = readRun(dir);
      await takeUp(dir);
      const after = readRun(dir);
      assert.equal([after.status, after.problems], ['complete', []]);
      assert.equal(toldBy(dir), told);
      assert.equal(
        judge(after).map(({ oracle, property }) => [oracle, property]),
        verdicts.map(({ oracle, property }) => [oracle, property]),
      );
      // What had come to its end is there as it was recorded.
      const ended = before.records.flatMap((record) => (record.kind === 'boot-end' ? [record.boot] : []));
      const of = (records: typeof before.records) =>
        records.filter(({ boot }) => boot !== null && ended.includes(boot));
      assert.equal(of(after.records), of(before.records));
    }),
    { numRuns: 25, examples: [[0], [frames.length - 2]] },
  );
});

test('cut off and taken up again and again, it still comes to its end', async () => {
  const dir = cutAt(Math.floor(frames.length / 4));
  for (const share of [0.5, 0.75]) {
    await takeUp(dir);
    const file = path.join(dir, runFiles.frames);
    truncateSync(file, Math.floor(readFileSync(file).length * share));
    rmSync(path.join(dir, runFiles.end), { force: true });
  }
  await takeUp(dir);
  assert.equal([readRun(dir).status, toldBy(dir)], ['complete', toldBy(whole.dir)]);
});

test('a guest that failed has had its turn; one that was interrupted has not', async () => {
  const failed = await testRun({ made: plan, script: 'panic@1' });
  assert.equal(unfinishedBoots(plan, failed.judged.run.records), []);
  const stopped = await testRun({
    made: plan,
    onEvent: (event, abort) => event === 'guest 1 is up' && abort('SIGINT'),
  });
  assert.is(stopped.judged.run.status, 'aborted');
  assert.equal(
    unfinishedBoots(plan, stopped.judged.run.records).map(({ index }) => index),
    [1, 2],
  );
  await takeUp(stopped.dir);
  assert.equal([readRun(stopped.dir).status, toldBy(stopped.dir)], ['complete', toldBy(whole.dir)]);
});

test('one that is damaged in its midst is not cut off there and forgotten', () => {
  const dir = cutAt(frames.length);
  const damaged = Buffer.from(frames);
  damaged.writeUInt8(damaged.readUInt8(frames.length >> 1) ^ 1, frames.length >> 1);
  writeFileSync(path.join(dir, runFiles.frames), damaged);
  assert.throws(
    () => RunWriter.resume(dir, { again: [0], tool }),
    (error: Error) =>
      error instanceof KeystormError && error.exitCode === 2 && /not cut off but damaged/.test(error.message),
  );
  assert.equal(readFileSync(path.join(dir, runFiles.frames)), damaged, 'and is left as it was');
});

test.run();
