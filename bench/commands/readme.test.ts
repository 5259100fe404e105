// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { faults } from '../../scenarios/faults/index.ts';
import { rows } from '../../scenarios/faults/rows.ts';
import { defaultMechanisms, findMechanism } from '../mechanisms/index.ts';
import { suite } from '../testing/suite.ts';
import { commandTable } from './table.ts';

const test = suite('what the README counts and names');

const textOf = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
const readme = textOf('README.md');

test('the mechanisms that are measured by default', () => {
  const [, said = ''] = /measures six of them, (.*?), and the floor `null-actor`/.exec(readme) ?? [];
  const named = [...said.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  assert.equal(
    named,
    defaultMechanisms.filter((name) => findMechanism(name)?.floor !== true),
  );
});

test('what is to be survived, and the faults that stand for it', () => {
  assert.match(readme, `a list of ${rows.length} things that an upcall path must survive`);
  assert.match(readme, `the ${faults.length} faults of \`list faults\``);
  // Each row is somebody's, or the sentence would not be true.
  assert.is(new Set(faults.flatMap((fault) => fault.rows)).size, rows.length);
});

test('all commands are those that there are', () => {
  const named = [...textOf('docs/commands.md').matchAll(/^(?:git bisect run )?keystorm (\S+)/gm)].map(
    ([, name]) => name,
  );
  assert.equal([...new Set(named)].sort(), commandTable.map(({ name }) => name).sort());
});

test.run();
