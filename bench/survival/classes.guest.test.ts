// SPDX-License-Identifier: MIT
/** A few guests that are broken, in one run: each is recorded for what it is and soon, and one that is paused among them not at all. */
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import { runClasses } from './classes/campaign.ts';
import type { FailureClass } from './classes/failure-class.ts';
import { failureClasses } from './classes/table.ts';
import type { Trial } from './classes/tally.ts';

// Building the image may come first.
const test = suite('guests that are broken', { timeoutMs: 600_000 });
test.after(removeTestRuns);

/** The class with one of its variants. */
function only(name: string, variant: string): FailureClass {
  const of = failureClasses.find((each) => each.name === name);
  const variants = of?.variants.filter((each) => each.name === variant) ?? [];
  assert.ok(of && variants.length === 1, `${name}, ${variant}`);
  return { ...of, variants };
}

const classes = [
  only('stuck-panic', 'sysrq, panic=0'),
  only('silent-hang', 'interrupts off'),
  only('out-of-memory', 'runner killed'),
  only('pause', 'QEMU stopped'),
];
let trials: readonly Trial[] = [];
let ended = 0;

test('they are broken one after the other, and none keeps the next from being tried', async () => {
  const progress = (line: string) => console.error(line);
  const result = await runClasses({
    classes,
    each: 1,
    seed: 4,
    dir: path.join(testFolder(), 'run'),
    onTrial: () => {},
    progress,
  });
  ({ trials, ended } = result);
  assert.is(ended, classes.length);
  assert.ok(trials.every(({ right }) => right !== undefined));
});

for (const { name } of classes)
  test(`${name} is recorded as what it is`, () => {
    const trial = trials.find((each) => each.class === name);
    assert.is(trial?.right, true, JSON.stringify(trial));
  });

test('a panic is known within a second of its line', () => {
  const trial = trials.find((each) => each.class === 'stuck-panic');
  assert.ok((trial?.knownAfterLineMs ?? Number.NaN) < 1_000, JSON.stringify(trial));
});

test.run();
