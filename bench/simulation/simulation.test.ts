// SPDX-License-Identifier: MIT
/** The harness under everything that can go wrong, in short: `npm test` does twenty times as many (at-length.host.test.ts). */
import * as assert from 'uvu/assert';
import { makeOutput } from '../commands/output.ts';
import { runProgram } from '../commands/program.ts';
import { suite } from '../testing/suite.ts';
import { drawCampaign } from './campaign.ts';
import { simulateCommand } from './command.ts';
import { simulate } from './simulate.ts';
import { failedText, replayCommand } from './simulated.ts';
import { traceOf } from './trace.ts';
import { enact } from './world.ts';

const test = suite('simulation of the harness', { timeoutMs: 120_000 });

test('500 campaigns: every invariant holds in each', async () => {
  const { failed } = await simulate(0, 500);
  assert.equal(failed, [], failedText(failed));
});

test('a seed is all that is needed to see a campaign again', async () => {
  for (let seed = 1_000; seed < 1_020; seed++) {
    assert.equal(drawCampaign(seed), drawCampaign(seed));
    const [one, other] = [await enact(drawCampaign(seed)), await enact(drawCampaign(seed))];
    assert.equal(one.appended, other.appended, replayCommand(seed));
    assert.equal(traceOf(one), traceOf(other));
  }
});

test('the command that a failure names shows what was drawn and what happened', async () => {
  const words = replayCommand(4).split(' -- ')[1]?.split(' ') ?? [];
  const shown: string[] = [];
  const output = { ...makeOutput(), result: (text: string) => void shown.push(text) };
  assert.is(await runProgram(words, output, simulateCommand), 0);
  assert.match(shown.join(), /^campaign 4: /);
  assert.match(shown.join(), /every invariant holds/);
});

test('what cannot be asked for together, or is nothing, is refused', async () => {
  const output = { ...makeOutput(), result: () => {}, progress: { line: () => {}, status: () => {} } };
  for (const words of [
    ['--count', '0'],
    ['--seed', '7', '--count', '3'],
    ['--seed', '7', '--json'],
    ['--seed', 'x'],
  ])
    assert.is(await runProgram(words, output, simulateCommand), 2, words.join(' '));
});

test('what failed is told with the command that shows it', () => {
  const text = failedText([{ seed: 7, complaints: ['a run ends: it waits for ever'] }]);
  assert.is(text, 'npm run simulate -- --seed 7\n  a run ends: it waits for ever');
});

test.run();
