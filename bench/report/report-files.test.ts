// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { type FileOps, realFileOps } from '../../results/file-ops.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { reportData } from './report-data.ts';
import { reportFileNames, writeReportFiles } from './report-files.ts';

const test = suite('the files of a report', { timeoutMs: 30_000 });
test.after(removeTestRuns);

async function run(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(args, output);
  return { code, out: out.join('\n'), err };
}

test('report prints the table and writes the files beside the run, the same ones each time', async () => {
  const { dir } = await testRun();
  const first = await run('report', dir);
  assert.is(first.code, 0);
  assert.match(first.out, /│ keyagent-fd/);
  assert.is(first.err.length, reportFileNames.length);
  const read = () => reportFileNames.map((name) => readFileSync(path.join(dir, name), 'utf8'));
  const before = read();
  assert.match(before[0] ?? '', /^<!DOCTYPE html>/);
  assert.match(before[1] ?? '', /^# keystorm: pass/);
  await run('report', dir, '--json');
  assert.equal(read(), before);
});

test('--out writes elsewhere, --no-files nowhere', async () => {
  const { dir } = await testRun();
  const out = path.join(testFolder(), 'posting', 'v2');
  assert.is((await run('report', dir, '--out', out)).code, 0);
  assert.equal(readdirSync(out).sort(), [...reportFileNames].sort());
  assert.equal((await run('report', dir, '--no-files')).err, []);
  for (const name of reportFileNames) assert.not.ok(existsSync(path.join(dir, name)));
});

test('a run whose folder takes no report costs the files, not the table: one sentence, and exit code 2', async () => {
  const { dir } = await testRun();
  mkdirSync(path.join(dir, 'report.html'));
  const { code, out, err } = await run('report', dir);
  assert.is(code, 2);
  assert.match(out, /│ keyagent-fd/);
  assert.is(err.length, 1);
  assert.match(err[0] ?? '', /^keystorm: Cannot write report\.html into .* \(.+\); give `report` another folder/);
});

test('a disk that is full leaves what stood there, and no torn file', async () => {
  const { judged } = await testRun();
  const data = reportData(judged.run, judged.metrics, judged.verdicts);
  const dir = testFolder();
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'report.html'), 'the one before');
  const full: FileOps = {
    ...realFileOps,
    write: () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    },
  };
  assert.throws(() => writeReportFiles(data, dir, full), /no space left/);
  assert.equal(readdirSync(dir), ['report.html']);
  assert.is(readFileSync(path.join(dir, 'report.html'), 'utf8'), 'the one before');
});

test('bench writes them too', async () => {
  const dir = path.join(testFolder(), 'run');
  const { code } = await run(
    'bench',
    '--machine',
    'fake',
    '--quick',
    '--scenario',
    'latency',
    '--mechanism',
    'keyagent-fd',
    '--out',
    dir,
  );
  assert.is(code, 0);
  for (const name of reportFileNames) assert.ok(existsSync(path.join(dir, name)));
});

test.run();
