// SPDX-License-Identifier: MIT
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { commandTable } from './table.ts';

const test = suite('what a command loads');

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every file that is loaded before `file` does anything, and the packages, by the paths as they are written. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(path.join(root, file), 'utf8');
  // With names, and for its effect alone.
  for (const [, from = ''] of text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^;']*?from\s+)?'([^']+)'/gms)) {
    if (from.startsWith('.')) loadedWith(path.join(path.dirname(file), from), seen);
    else if (!from.startsWith('node:')) seen.add(from);
  }
  return seen;
}

const guests = ['vm/qemu/provider.ts', 'vm/lab/provider.ts', 'vm/vagrant/provider.ts', 'vm/fake/provider.ts', 'ssh2'];
const figures = ['bench/measure/metrics.ts', 'bench/judge/judge.ts', 'bench/report/report-data.ts'];
const scenarios = ['scenarios/'];
const nothingOf = [
  ...guests,
  ...figures,
  ...scenarios,
  'zod',
  'cli-table3',
  'bench/plan/make-plan.ts',
  'vm/image/kernels.ts',
];

/** More than any command's options need; what it does needs hundreds. */
const mostFilesOfHelp = 40;

/** All that is loaded before a command's help is printed, or a mistake in its options is told. */
function loadedForHelp(name: string): string[] {
  return [...loadedWith(`bench/commands/${name}.ts`, loadedWith('bench/cli.ts'))];
}

const among = (loaded: readonly string[], some: readonly string[]) =>
  loaded.filter((each) => some.some((one) => each.startsWith(one)));

for (const { name } of commandTable) {
  test(`the help of ${name} comes without what ${name} does`, () => {
    const loaded = loadedForHelp(name);
    assert.equal(among(loaded, [...nothingOf, 'bench/commands/actions/']), []);
    assert.ok(loaded.length <= mostFilesOfHelp, `${loaded.length} files:\n${loaded.join('\n')}`);
  });
}

/** By the file that is loaded when a command does something: what must not come with it, as each file costs milliseconds. */
const without: Readonly<Record<string, readonly string[]>> = {
  'bench/commands/actions/doctor.ts': [...guests, ...figures, ...scenarios],
  'bench/commands/actions/list.ts': [...guests, ...figures],
  'bench/commands/actions/completion.ts': [...guests, ...figures],
  'bench/commands/actions/trend.ts': [...guests, ...figures, ...scenarios, 'bench/report/html/'],
  'bench/commands/actions/history.ts': [...guests, ...scenarios],
  'bench/commands/actions/compare.ts': guests,
  'bench/commands/actions/report.ts': guests,
};

for (const [file, absent] of Object.entries(without)) {
  test(`${file} comes without what it does not use`, () => {
    assert.equal(among([...loadedWith(file)], absent), []);
  });
}

test('what is not to come along exists', () => {
  for (const each of new Set([...nothingOf, ...Object.values(without).flat()]))
    assert.ok(existsSync(path.join(root, /[/.]/.test(each) ? each : `node_modules/${each}`)), each);
});

test('it would be seen if it did', () => {
  const loaded = [...loadedWith('bench/commands/actions/bench.ts')];
  for (const each of [...nothingOf, 'bench/commands/actions/']) assert.ok(among(loaded, [each]).length > 0, each);
  assert.ok(loaded.length > mostFilesOfHelp);
});

test('what a command does is loaded when it does it', () => {
  for (const { name } of commandTable) {
    const text = readFileSync(path.join(root, `bench/commands/${name}.ts`), 'utf8');
    assert.match(text, `await import('./actions/${name}.ts')`);
  }
});

/** Of the commands, those from whose options the text of an action takes something, be it only a type. */
const optionsTakenBy = (text: string) =>
  commandTable.map(({ name }) => name).filter((name) => new RegExp(`from '\\.\\./${name}\\.ts'`).test(text));

test('what a command does takes nothing from its options', () => {
  const folder = path.join(root, 'bench/commands/actions');
  for (const name of readdirSync(folder))
    assert.equal(optionsTakenBy(readFileSync(path.join(folder, name), 'utf8')), [], name);
});

test('it would be seen if it did that', () => {
  const text = "import type { PairFlags } from '../pair.ts';\nimport { mergeRuns } from '../../merge.ts';";
  assert.equal(optionsTakenBy(text), ['pair']);
});

test.run();
