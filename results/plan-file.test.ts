// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { KeystormError } from '../vm/failure.ts';
import { readPlan } from './plan-file.ts';
import { temporaryFolder } from './testing/folders.ts';
import { aCell, aPlan } from './testing/plans.ts';

const test = suite('a plan in a file');

const file = join(temporaryFolder(), 'plan.json');
const plan = aPlan([aCell()], 2);

function read(text: string) {
  writeFileSync(file, text);
  return readPlan(file);
}

test('what was written is read', () => {
  assert.equal(read(JSON.stringify(plan, null, 2)), plan);
});

const [first] = plan.boots;
const refused: Readonly<Record<string, [string, RegExp]>> = {
  'no JSON': ['{', /is not JSON, so it is no plan; `.*plan --out FILE` writes one\.$/],
  'something else': ['[1]', /is no plan, and this keystorm does plans of keystorm\/plan\/5/],
  'another format': [JSON.stringify({ ...plan, schema: 'keystorm/plan/3' }), /is of schema "keystorm\/plan\/3"/],
  'a missing part': [JSON.stringify({ ...plan, boots: [] }), /does not fit keystorm\/plan\/5 at boots/],
  'an unknown part': [JSON.stringify({ ...plan, novelty: 1 }), /does not fit .*novelty/],
  'a boot twice': [JSON.stringify({ ...plan, boots: [first, first] }), /cannot be carried out: it has boot 0 twice/],
  'a cell twice': [JSON.stringify({ ...plan, cells: [aCell(), aCell()] }), /has cell or block of checks c0 twice/],
  'a boot of nothing known': [
    JSON.stringify({ ...plan, cells: [aCell({ id: 'c7' })] }),
    /boot 0 has cell c0, which it does not describe/,
  ],
};

for (const [name, [text, message]] of Object.entries(refused)) {
  test(`${name} is refused in a sentence with the file and the remedy`, () => {
    assert.throws(
      () => read(text),
      (error: Error) =>
        error instanceof KeystormError &&
        error.exitCode === 2 &&
        error.message.includes(file) &&
        message.test(error.message),
    );
  });
}

test('a file that is not there is named', () => {
  assert.throws(
    () => readPlan('/nowhere/plan.json'),
    /Cannot read the plan \/nowhere\/plan.json \(there is no such file\)/,
  );
});

test.run();
