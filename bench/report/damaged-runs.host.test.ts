// SPDX-License-Identifier: MIT
/** Every byte of a small run's records is damaged in turn, and some of a real run's. */
import path from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import { examplesDir } from '../run/run-folder.ts';
import { bytesOf, flipped, linesBefore, NeverGreen, readBytes, smallPassingPlan } from '../testing/damage.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';

const test = suite('damaged runs, byte by byte', { timeoutMs: 170_000 });
test.after(removeTestRuns);

test('a bit of every byte of its records: what was before it is read, and nothing takes the run for whole', async () => {
  const { dir, judged } = await testRun({ made: smallPassingPlan() });
  assert.is(judged.exitCode, 0);
  const bytes = bytesOf(dir);
  const never = new NeverGreen(judged.run.records);
  for (let at = 0; at < bytes.frames.length; at++) {
    const run = readBytes(flipped(bytes, 'frames', at, at % 8));
    never.demand(run, linesBefore(bytes.frames, at), `bit ${at % 8} of byte ${at}`);
  }
  // Each line is damaged in several ways.
  assert.ok(never.rendered > judged.run.records.length);
});

test('bits here and there of a real run, on which nothing fails that was met', () => {
  const dir = path.join(examplesDir, 'quick-1');
  const example = bytesOf(dir);
  const whole = readBytes(example);
  if (whole instanceof KeystormError) throw whole;
  assert.is(whole.status, 'complete');
  const demands = new NeverGreen(whole.records);
  const place = fc.tuple(fc.nat(example.frames.length - 1), fc.nat(7));
  fc.assert(
    fc.property(place, ([at, bit]) => {
      demands.demand(
        readBytes(flipped(example, 'frames', at, bit)),
        linesBefore(example.frames, at),
        `bit ${bit} of ${at}`,
      );
      const cut = { ...example, frames: example.frames.subarray(0, at) };
      demands.demand(readBytes(cut), linesBefore(example.frames, at), `cut off at ${at}`);
    }),
    { numRuns: 15, examples: [[[0, 0]], [[example.frames.length - 1, 0]]] },
  );
});

test.run();
