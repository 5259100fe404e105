// SPDX-License-Identifier: MIT
/** Every file operation of a run fails in turn; the host's clock is set: what was recorded is there. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import type { FileOps } from '../../results/file-ops.ts';
import { runFiles } from '../../results/manifest.ts';
import type { RunRecord } from '../../results/records.ts';
import { readRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { type Operation, observed, recordsBefore } from './testing/operations.ts';
import { tinyPlan } from './testing/tiny-plan.ts';

const test = suite('bad days of a run', { timeoutMs: 120_000 });
test.after(removeTestRuns);

/** Files on which the operations that `fails` picks, by their number, fail with `code`. */
function failing(code: string, fails: (n: number, operation: Operation) => boolean, log: Operation[] = []): FileOps {
  return observed(log, (operation, n) => {
    if (!fails(n, operation)) return;
    throw Object.assign(new Error(`${code}: it failed, ${operation}`), { code, syscall: operation });
  });
}

/** Without what only a clock can have set. */
const content = (records: readonly RunRecord[]) => records.map(({ at: _, ...rest }) => rest);

/** Small, as it is done a hundred times, but with all that a run has to write. */
const made = tinyPlan();
let whole: readonly RunRecord[] = [];
const ops: Operation[] = [];

test('the operations of an undisturbed run', async () => {
  const { judged } = await testRun({ made, writer: { files: observed(ops) } });
  whole = judged.run.records;
  assert.is(judged.run.status, 'complete');
  assert.equal(new Set(ops), new Set<Operation>(['mkdir', 'open', 'write', 'sync', 'close', 'rename']));
});

/** How the run ended whose operations failed so, and in which folder. */
async function endOf(files: FileOps): Promise<{ dir: string; error: unknown }> {
  const dir = path.join(testFolder(), 'run');
  try {
    await testRun({ made, dir, writer: { files } });
    return { dir, error: undefined };
  } catch (error) {
    return { dir, error };
  }
}

for (const [code, lasting, remedy] of [
  ['ENOSPC', true, /the disk is full; free some space or give --out/],
  ['EIO', false, /the disk reports an input\/output error; give --out/],
] as const) {
  test(`${code} at any operation${lasting ? ' and all after it' : ''}: one sentence, exit code 3, nothing recorded is lost`, async () => {
    for (const [n, op] of ops.entries()) {
      const { dir, error } = await endOf(failing(code, (at) => at === n || (lasting && at > n)));
      const where = `${op}, operation ${n}`;
      if (op === 'close' && error === undefined) {
        assert.is(readRun(dir).status, 'complete', where);
        continue;
      }
      assert.instance(error, KeystormError, where);
      const { message, exitCode } = error as KeystormError;
      assert.is(exitCode, 3, where);
      assert.match(message, remedy, where);
      assert.ok(message.includes(dir) && !message.includes('\n'), where);
      if (!existsSync(path.join(dir, runFiles.manifest))) {
        assert.match(message, /nothing was recorded/, where);
        assert.is(recordsBefore(ops, n), 0, where);
        continue;
      }
      const run = readRun(dir);
      // Where the end itself could not be taken back, everything is there.
      if (run.status !== 'complete') assert.is(run.status, 'incomplete', where);
      else assert.ok(lasting && n >= ops.lastIndexOf('rename'), where);
      const kept = content(run.records).filter(({ kind }) => kind !== 'failure');
      assert.equal(kept, content(whole).slice(0, kept.length), where);
      assert.ok(kept.length >= recordsBefore(ops, n), where);
    }
  });
}

test('a run that could not be begun leaves nothing in the way of another try', async () => {
  const { dir, error } = await endOf(failing('ENOSPC', (_, operation) => operation === 'rename'));
  assert.instance(error, KeystormError);
  for (const name of Object.values(runFiles)) assert.not(existsSync(path.join(dir, name)), name);
  const { judged } = await testRun({ made, dir });
  assert.is(judged.run.status, 'complete');
});

for (const [how, jump] of [
  ['a year back', -365 * 86_400_000],
  ['an hour forward', 3_600_000],
  ['back to 1970', Number.NEGATIVE_INFINITY],
] as const) {
  test(`the host’s clock is set ${how} during a run: order, durations, figures and verdicts are what they were`, async () => {
    const undisturbed = await testRun({ made });
    const began = Date.UTC(2026, 0, 1);
    let stamps = 0;
    const now = () => new Date(stamps++ < 20 ? began : Math.max(0, began + jump));
    const { judged } = await testRun({ made, now });
    assert.is(judged.run.status, 'complete');
    assert.equal(judged.run.problems, []);
    const years = new Set(judged.run.records.map(({ at }) => at));
    assert.is(years.size, 2, 'the clock was set');
    assert.equal(content(judged.run.records), content(undisturbed.judged.run.records));
    assert.equal(judged.metrics, undisturbed.judged.metrics);
    assert.equal(judged.verdicts, undisturbed.judged.verdicts);
    assert.is(judged.exitCode, undisturbed.judged.exitCode);
  });
}

test.run();
