// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { KeystormError } from '../../../vm/failure.ts';
import { suite } from '../../testing/suite.ts';
import { removeTestRuns, testFolder } from '../../testing/test-run.ts';
import { runPaths } from './run-path.ts';

const test = suite('runs that are named');
test.after(removeTestRuns);

/** What a shell makes of `dir/*`. */
function folderWith() {
  const dir = testFolder();
  const [readme, one, two] = ['README.md', 'run-1', 'run-2'].map((name) => path.join(dir, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(readme, 'about these runs\n');
  for (const run of [one, two]) mkdirSync(run);
  return { readme, one, two };
}

test('a file beside them is left out, and that is said once', () => {
  const { readme, one, two } = folderWith();
  const said: string[] = [];
  assert.equal(
    runPaths([readme, one, two], (line) => said.push(line)),
    [one, two],
  );
  assert.equal(said, [`left out: ${readme} is a file, and a run is a folder`]);
});

test('a file alone, and a folder that is none, are taken for runs, whose reader says what they are', () => {
  const { readme, one } = folderWith();
  const missing = path.join(path.dirname(one), 'run-3');
  const silent = (line: string) => assert.unreachable(line);
  assert.equal(runPaths([readme], silent), [readme]);
  assert.equal(runPaths([one, missing], silent), [one, missing]);
  assert.equal(runPaths([], silent), []);
});

test('files alone are no runs', () => {
  const { readme } = folderWith();
  assert.throws(
    () => runPaths([readme, readme], () => {}),
    (error: unknown) => error instanceof KeystormError && error.exitCode === 2 && error.message.includes(readme),
  );
});

test.run();
