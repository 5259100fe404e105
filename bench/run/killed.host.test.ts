// SPDX-License-Identifier: MIT
/** A harness that the kernel kills in the middle of a file operation. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { readRun } from '../../results/run-reader.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { type Operation, observed, recordsBefore } from './testing/operations.ts';
import { tinyPlan } from './testing/tiny-plan.ts';

const test = suite('a harness that is killed', { timeoutMs: 120_000 });
test.after(removeTestRuns);

const script = fileURLToPath(new URL('testing/killed-run.ts', import.meta.url));
test('at any moment it leaves a run that can be read, a prefix of the whole one', async () => {
  const ops: Operation[] = [];
  const { judged } = await testRun({ made: tinyPlan(), writer: { files: observed(ops) } });
  const whole = judged.run.records;
  const killedAt = async (n: number) => {
    const dir = path.join(testFolder(), 'run');
    const child = spawn(process.execPath, ['--import', 'tsx', script, dir, String(n)], { stdio: 'inherit' });
    const [, signal] = await once(child, 'exit');
    assert.is(signal, 'SIGKILL', `operation ${n}`);
    const run = readRun(dir);
    assert.is(run.status, 'incomplete', `operation ${n}`);
    assert.equal(run.records, whole.slice(0, recordsBefore(ops, n)), `operation ${n}`);
  };
  // From when the manifest is in place until the mark of the end is.
  const moments = fc.integer({ min: ops.indexOf('rename') + 1, max: ops.lastIndexOf('rename') });
  await fc.assert(fc.asyncProperty(moments, killedAt), { numRuns: 6, examples: [[ops.lastIndexOf('rename')]] });
});

test.run();
