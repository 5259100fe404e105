// SPDX-License-Identifier: MIT
/** `npm test` runs this with nothing beside it, and its line says how long ten thousand campaigns take on this host. */
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { simulateSideBySide } from './side-by-side.ts';
import { failedText } from './simulated.ts';
import { tallied } from './tally.ts';

// Less than a minute on two processors with nothing else to do; a host that is busy with guests takes many times as long.
const test = suite('simulation of the harness, at length', { timeoutMs: 590_000 });

const campaigns = 10_000;
/** The rarest, wrong answers, are in some sixty. */
const least = 20;
/** The unit test has the seeds below. */
const firstSeed = 1_000;

/** Everything that can be drawn must occur, and not by luck: what never occurs would be tested by nothing. */
test(`${campaigns} campaigns: every invariant holds in each`, async () => {
  const { failed, tally, campaigns: done } = await simulateSideBySide(firstSeed, campaigns);
  assert.is(done, campaigns);
  assert.equal(failed, [], failedText(failed));
  for (const word of tallied) assert.ok((tally[word] ?? 0) >= least, `${word} in ${tally[word] ?? 0} campaigns`);
});

test.run();
