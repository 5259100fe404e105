// SPDX-License-Identifier: MIT
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../../results/testing/folders.ts';
import { runProgram } from '../commands/program.ts';
import { capture } from '../commands/testing/capture.ts';
import { suite } from '../testing/suite.ts';
import { sanitizeCommand } from './command.ts';

const test = suite('npm run sanitize', { timeoutMs: 20_000 });

const small = ['--machine', 'fake', '--part', 'rounds', '--rounds', '1', '--seed', '5', '--scenario', 'latency'];

/** On fake guests, in which nothing can be looked at: they have no shell. */
async function sanitize(dir: string) {
  const { output, out, err } = capture();
  const args = [...small, '--mechanism', 'keyagent-fd', '--out', dir];
  return { code: await runProgram(args, output, sanitizeCommand), out: out.join('\n'), err: err.join('\n') };
}

test('a folder that has a run is refused before anything is done, not after all of it', async () => {
  const dir = path.join(temporaryFolder(), 'out');
  const first = await sanitize(dir);
  assert.is(first.code, 3);
  assert.ok(readFileSync(path.join(dir, 'sanitize.txt'), 'utf8').includes('broken: '));
  const { code, out, err } = await sanitize(dir);
  assert.equal([code, out], [2, '']);
  assert.not.match(err, /fake machine/);
});

test('what was found is printed also where it cannot be written', async () => {
  const dir = path.join(temporaryFolder(), 'out');
  mkdirSync(path.join(dir, 'sanitize.json'), { recursive: true });
  const { code, out, err } = await sanitize(dir);
  assert.is(code, 3);
  assert.match(out, 'broken: ');
  assert.match(err, 'Cannot write what was found into');
});

test.run();
