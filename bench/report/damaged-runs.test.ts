// SPDX-License-Identifier: MIT
/** Runs cut off or damaged: up to the damage they are read, and no verdict, figure or report takes them for whole. */
import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import {
  bytesOf,
  flipped,
  linesBefore,
  NeverGreen,
  type RunBytes,
  readBytes,
  smallPassingPlan,
} from '../testing/damage.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';

const test = suite('damaged runs', { timeoutMs: 60_000 });
test.after(removeTestRuns);

let bytes: RunBytes;
let never: NeverGreen;

test.before(async () => {
  const { dir, judged } = await testRun({ made: smallPassingPlan() });
  assert.is(judged.exitCode, 0);
  bytes = bytesOf(dir);
  never = new NeverGreen(judged.run.records);
});

test('cut off at every byte of its last two records', () => {
  const { frames } = bytes;
  const lastButTwo = frames.lastIndexOf(0x0a, frames.lastIndexOf(0x0a, frames.length - 2) - 1);
  for (let at = lastButTwo; at < frames.length; at++) {
    const run = readBytes({ ...bytes, frames: frames.subarray(0, at) });
    never.demand(run, linesBefore(frames, at), `cut off at byte ${at}`);
  }
  assert.ok(never.rendered >= 3);
});

test('a bit of every byte of its end, and its end cut off at every byte', () => {
  const { length } = never.whole;
  for (let at = 0; at < bytes.end.length; at++)
    never.demand(readBytes(flipped(bytes, 'end', at, at % 8)), length, `bit ${at % 8} of byte ${at}`);
  for (let at = 0; at < bytes.end.length - 1; at++)
    never.demand(readBytes({ ...bytes, end: bytes.end.subarray(0, at) }), length, `cut off at byte ${at}`);
});

test('a bit of every byte of its manifest, which is then refused in one sentence', () => {
  for (let at = 0; at < bytes.manifest.length; at++) {
    const run = readBytes(flipped(bytes, 'manifest', at, at % 8));
    assert.instance(run, KeystormError, `byte ${at}`);
    assert.match((run as KeystormError).message, /manifest\.json .*; (restore|use) /);
  }
});

test.run();
