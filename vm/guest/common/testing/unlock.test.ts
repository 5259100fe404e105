// SPDX-License-Identifier: MIT
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { temporaryFolder } from '../../../../results/testing/folders.ts';
import { Program, programBoundMs } from './program.ts';

const test = suite('what unlocks a machine', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  program = new Program(['common/testing/unlock.c', 'common/unlock.c']);
});
test.after(() => program?.remove());

const thisBoot = '7f3b2a90-1c4d-4e5f-8a6b-0123456789ab';
const anotherBoot = '00000000-1c4d-4e5f-8a6b-0123456789ab';

/** What a file with that text and mode comes to; null: there is none. */
function unlocked(text: string | null, mode = 0o600): string {
  const dir = temporaryFolder();
  const [file, bootId] = [path.join(dir, 'unlock'), path.join(dir, 'boot_id')];
  writeFileSync(bootId, `${thisBoot}\n`);
  if (text !== null) writeFileSync(file, text);
  if (text !== null) chmodSync(file, mode);
  return program.lines([file, bootId])[0] ?? '';
}

test('a file that names this boot does, until it is booted again', () => {
  assert.is(unlocked(`${thisBoot}\n`), `[unlock=${thisBoot}]`);
  assert.is(unlocked(thisBoot, 0o644), `[unlock=${thisBoot}]`);
  assert.is(unlocked(`${anotherBoot}\n`), '[]');
});

test('no file, or one with anything else in it, does not', () => {
  for (const text of [null, '', '\n', '1\n', `${thisBoot}0\n`, ` ${thisBoot}`, thisBoot.toUpperCase(), 'x'.repeat(36)])
    assert.is(unlocked(text), '[]', String(text));
});

test('nor does one that others may write to, or a link to one', () => {
  for (const mode of [0o620, 0o602]) assert.is(unlocked(thisBoot, mode), '[]');
  const dir = temporaryFolder();
  const [file, bootId] = [path.join(dir, 'unlock'), path.join(dir, 'boot_id')];
  writeFileSync(bootId, `${thisBoot}\n`);
  symlinkSync(bootId, file);
  assert.is(program.lines([file, bootId])[0], '[]');
});

test.run();
