// SPDX-License-Identifier: MIT
/** Ten thousand campaigns in two halves, each a test file: the test runner has them done side by side. */
import * as assert from 'uvu/assert';
import { suite } from '../../testing/suite.ts';
import { failedText, simulate } from '../simulate.ts';
import { tallied } from '../tally.ts';

const campaigns = 5_000;
/** The unit test has the seeds below. */
const firstSeed = 1_000;
/** So often at the least. */
const seldom = 5;

/** The test of one half. Everything that can be drawn must occur in it: what never occurs would be tested by nothing. */
export function testHalf(half: 0 | 1): void {
  const test = suite(`simulation of the harness, half ${half + 1} of 2`, { timeoutMs: 170_000 });
  test(`${campaigns} campaigns: every invariant holds in each`, async () => {
    const { failed, tally } = await simulate(firstSeed + half * campaigns, campaigns);
    assert.equal(failed, [], failedText(failed));
    for (const word of tallied) assert.ok((tally[word] ?? 0) >= seldom, `${word}: ${tally[word] ?? 0} campaigns`);
  });
  test.run();
}
