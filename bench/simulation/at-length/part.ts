// SPDX-License-Identifier: MIT
/** Ten thousand campaigns in four parts, each a test file: the test runner has them done side by side, as far as the host can. */
import * as assert from 'uvu/assert';
import { suite } from '../../testing/suite.ts';
import { failedText, simulate } from '../simulate.ts';
import { tallied } from '../tally.ts';

const parts = 4;
const campaigns = 2_500;
/** The unit test has the seeds below. */
const firstSeed = 1_000;

/** The test of one part, counted from 1. Everything that can be drawn must occur in it: what never occurs would be tested by nothing. */
export function testPart(part: 1 | 2 | 3 | 4): void {
  // Half a minute on a host with nothing else to do; one that is busy with guests takes many times as long.
  const test = suite(`simulation of the harness, part ${part} of ${parts}`, { timeoutMs: 590_000 });
  test(`${campaigns} campaigns: every invariant holds in each`, async () => {
    const { failed, tally } = await simulate(firstSeed + (part - 1) * campaigns, campaigns);
    assert.equal(failed, [], failedText(failed));
    for (const word of tallied) assert.ok((tally[word] ?? 0) > 0, `${word} in no campaign`);
  });
  test.run();
}
