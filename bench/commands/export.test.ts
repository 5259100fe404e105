// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { exportFormats } from '../export/format-names.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { main } from './main.ts';
import { capture } from './testing/capture.ts';

const test = suite('exporting a run', { timeoutMs: 20_000 });
test.after(removeTestRuns);

async function run(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(['export', ...args], output);
  return { code, out: out.join('\n'), err };
}

const { dir } = await testRun({ script: 'wrong-answers@0.0 wrong-answers@0.1' });

for (const format of exportFormats) {
  test(`${format} is written to a file, or to standard output, whatever the run came to`, async () => {
    const file = path.join(testFolder(), 'out');
    assert.is((await run(dir, '--format', format, '--out', file)).code, 0);
    const { code, out, err } = await run(dir, '--format', format);
    assert.equal([code, err], [0, []]);
    assert.is(`${out}\n`, readFileSync(file, 'utf8'));
    assert.ok(out.length > 100);
  });
}

const refused: Readonly<Record<string, [string[], 2 | 3, RegExp]>> = {
  'an unknown format': [[dir, '--format', 'junt'], 2, /'junt' is invalid\. Allowed choices are junit, benchstat, /],
  'no format': [[dir], 2, /required option '--format <name>' not specified/],
  'a run that is not there': [['/nowhere/at/all', '--format', 'junit'], 2, /There is no folder \/nowhere\/at\/all/],
  'a folder that is no run': [[testFolder(), '--format', 'junit'], 2, /is not a run: it has no manifest\.json/],
  'a file in no folder': [
    [dir, '--format', 'junit', '--out', '/nowhere/x'],
    2,
    /\/nowhere\/x cannot be written \(ENOENT/,
  ],
  'a folder in place of a file': [
    [dir, '--format', 'junit', '--out', '/tmp'],
    2,
    /it is a folder\); give --out a file/,
  ],
  'a disk that is full': [
    [dir, '--format', 'junit', '--out', '/dev/full'],
    3,
    /Cannot write to \/dev\/full \(ENOSPC.*\); give --out a file/,
  ],
};

for (const [name, [args, expected, message]] of Object.entries(refused)) {
  test(`${name} is one sentence, and exit code ${expected}`, async () => {
    const { code, out, err } = await run(...args);
    assert.equal([code, out, err.length], [expected, '', 1]);
    assert.match(err[0] ?? '', message);
  });
}

test.run();
