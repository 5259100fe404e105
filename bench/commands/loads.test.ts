// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';

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

/** By the file that is loaded for it: what must not come with it, as each file costs milliseconds of every start. */
const without: Readonly<Record<string, readonly string[]>> = {
  'bench/cli.ts': [...guests, ...figures, ...scenarios, 'zod', 'bench/plan/make-plan.ts'],
  'bench/commands/doctor.ts': [...guests, ...figures, ...scenarios],
  'bench/commands/list.ts': [...guests, ...figures],
  'bench/commands/trend.ts': [...guests, ...figures, ...scenarios, 'bench/report/html/'],
  'bench/commands/history.ts': [...guests, ...scenarios],
  'bench/commands/compare.ts': guests,
  'bench/commands/report.ts': guests,
};

for (const [file, absent] of Object.entries(without)) {
  test(`${file} comes without what it does not use`, () => {
    const loaded = [...loadedWith(file)];
    assert.equal(
      loaded.filter((each) => absent.some((one) => each.startsWith(one))),
      [],
    );
  });
}

test('what is not to come along exists', () => {
  for (const each of new Set(Object.values(without).flat()))
    assert.ok(existsSync(path.join(root, /[/.]/.test(each) ? each : `node_modules/${each}`)), each);
});

test('it would be seen if it did', () => {
  const loaded = [...loadedWith('bench/commands/measuring.ts')];
  for (const each of [...figures, ...scenarios, 'zod']) {
    assert.ok(
      loaded.some((one) => one.startsWith(each)),
      each,
    );
  }
  assert.ok([...loadedWith('vm/providers.ts')].includes('ssh2'));
});

test.run();
