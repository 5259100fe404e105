// SPDX-License-Identifier: MIT
/** The kernel's settings that a check may change, as files of the host. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { temporaryFolder } from '../../../../results/testing/folders.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('settings that are put back', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  program = new Program(['runner/testing/kept_files.c', 'runner/kept_files.c', 'runner/files.c', 'runner/failure.c']);
});
test.after(() => program?.remove());

/** What the program says of these contents (null: no such file), and what is in the files afterwards. */
function kept(needed: string | null, optional: string | null) {
  const dir = temporaryFolder();
  const files = [path.join(dir, 'needed'), path.join(dir, 'optional')];
  for (const [i, content] of [needed, optional].entries())
    if (content !== null) writeFileSync(files[i] as string, content);
  const [said = ''] = program.lines(files);
  return { said, left: files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : null)) };
}

test('what somebody else has changed is put back', () => {
  assert.equal(kept('200\n', 'Y\n'), { said: 'saved 0 restored 0', left: ['200', 'Y'] });
});

test('what not every kernel has is neither missed nor made', () => {
  assert.equal(kept('200', null), { said: 'saved 0 restored 0', left: ['200', null] });
});

test('what every kernel has is missed by its name', () => {
  const { said } = kept(null, 'Y');
  assert.match(said, /^saved -1 restored -1 cannot read .*needed: No such file or directory$/);
});

test.run();
