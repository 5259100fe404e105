// SPDX-License-Identifier: MIT
/** A run of checks alone is reported like any other. */
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { cellsAndChecks } from '../words.ts';
import { verdictSentence } from './conclusion.ts';
import { reportData } from './report-data.ts';
import { verdictsSection } from './sections/verdicts.ts';
import { words } from './testing/document.ts';
import { textReport } from './text-report.ts';

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

test('where nothing was measured, nothing is said of figures', async () => {
  const text = async (...scenarios: string[]) => {
    const { run, metrics, verdicts } = await of(scenarios);
    return textReport(run, metrics, verdicts);
  };
  const figures = /Each figure is|One boot only|null_actor/g;
  assert.is((await text('killable-requester')).match(figures), null);
  assert.is((await text('latency', 'killable-requester')).match(figures)?.length, 3);
});

test('a plan is told by what it has: cells, blocks of checks, or both', () => {
  assert.is(cellsAndChecks({ cells: [], checks: [1, 2] }), '2 blocks of checks');
  assert.is(cellsAndChecks({ cells: [1], checks: [1] }), '1 cell and 1 block of checks');
  assert.is(cellsAndChecks({ cells: [], checks: [] }), '0 cells');
});

test.run();
