// SPDX-License-Identifier: MIT
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { programCommand, shellQuoted, typedPath } from './program.ts';

const test = suite('how the program is called');
const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const run = path.join(root, 'results', 'runs', 'x');

test('in the checkout: npm, and short paths', () => {
  const env = { INIT_CWD: root };
  assert.is(programCommand(env), 'npm run -s keystorm --');
  assert.is(typedPath(run, env), 'results/runs/x');
  assert.is(typedPath(root, env), '.');
  assert.is(typedPath('/elsewhere/x', env), '/elsewhere/x');
});

test('by its name: the name, and outside the checkout whole paths', () => {
  const env = { INIT_CWD: '/', KEYSTORM_CALLED_BY_NAME: '1' };
  assert.is(programCommand(env), 'keystorm');
  assert.is(typedPath(run, env), shellQuoted(run));
});

test('by npm from outside the checkout: npm is told where it is', () => {
  assert.is(programCommand({ INIT_CWD: `${root}-2` }), `npm --prefix ${shellQuoted(root)} run -s keystorm --`);
});

test.run();
