// SPDX-License-Identifier: MIT
/** A run of checks alone is reported like any other. */
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { verdictSentence } from './conclusion.ts';
import { reportData } from './report-data.ts';
import { verdictsSection } from './sections/verdicts.ts';
import { words } from './testing/document.ts';

const test = suite('checks in reports', { timeoutMs: 20_000 });
test.after(removeTestRuns);

const of = async (scenarios: string[]) => {
  const { judged } = await testRun({ plan: { mechanisms: ['stock', 'keyagent-fd'], scenarios, boots: 1 } });
  return reportData(judged.run, judged.metrics, judged.verdicts);
};

test('each scenario of checks has its row among the verdicts, each mechanism its column', async () => {
  const table = words(String(verdictsSection(await of(['killable-requester']))?.content));
  assert.match(table, /scenario stock keyagent-fd killable-requester pass \d+ met pass \d+ met/);
});

test('the sentence counts what was run: cells, blocks of checks, or both', async () => {
  const sentence = async (...scenarios: string[]) => verdictSentence(await of(scenarios));
  assert.match(await sentence('killable-requester'), / met \(2 blocks of checks, 1 boot\)/);
  assert.match(await sentence('latency', 'killable-requester'), / met \(3 cells, 2 blocks of checks, 1 boot\)/);
  assert.match(await sentence('latency'), / met \(3 cells, 1 boot\)/);
});

test.run();
