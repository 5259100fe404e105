// SPDX-License-Identifier: MIT
/** The small programs for developers say how they are used, and do nothing, when they are asked or called wrongly. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';

const test = suite('the usage of small programs', { timeoutMs: 20_000 });
const cwd = fileURLToPath(new URL('../..', import.meta.url));

const calls = [
  ['vm/qemu/try.ts', '--help'],
  ['vm/qemu/try.ts'],
  ['vm/qemu/try.ts', '--kernle', '6.1', 'true'],
  ['vm/image/update-lock.ts', '--help'],
  ['vm/image/update-lock.ts'],
];

for (const call of calls) {
  test(`${call.join(' ')}: usage, and exit code 2`, () => {
    const args = ['--import', 'tsx', ...call];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
    assert.equal([status, stdout], [2, '']);
    assert.match(stderr, `Usage: node --import tsx ${call[0]}`);
    assert.not.match(stderr, / {4}at /);
  });
}

test.run();
