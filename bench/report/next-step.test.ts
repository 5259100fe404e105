// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { JudgedRun } from '../commands/judged-run.ts';
import { makePlan } from '../plan/make-plan.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, smallOptions, testRun } from '../testing/test-run.ts';
import { nextSteps } from './next-step.ts';
import { textReport } from './text-report.ts';

const test = suite('what is to be done next', { timeoutMs: 20_000 });
test.after(removeTestRuns);

const report = ({ run, metrics, verdicts }: JudgedRun) => textReport(run, metrics, verdicts);

test('nothing is to be done about a run that says all', async () => {
  const { judged } = await testRun();
  assert.equal(nextSteps(judged.run, judged.verdicts), []);
});

test('a run that was stopped says how to go on with it, and groups what is unknown for that', async () => {
  const { judged, dir } = await testRun({
    plan: { mechanisms: ['keyagent-fd', 'stock'], scenarios: ['latency', 'agent-kill'] },
    onEvent: (event, abort) => event === 'guest 0 is up' && abort('SIGINT'),
  });
  const text = report(judged);
  assert.match(text, new RegExp(`^rest     .*bench --resume ${dir} {3}\\(2 boots to be done\\)$`, 'm'));
  const unknown = judged.verdicts.filter(({ verdict }) => verdict === 'unknown').length;
  assert.ok(unknown > 10, String(unknown));
  assert.match(text, new RegExp(`^  ${unknown} verdicts of \\d+ cells unknown: the run was ended before`, 'm'));
  assert.is(text.split('\n').filter((line) => /unknown, expected/.test(line)).length, 0);
});

test('what fails in a run that was stopped is told all the same', async () => {
  const { judged } = await testRun({
    script: 'wrong-answers@0.0 wrong-answers@0.1',
    onEvent: (event, abort) => event === 'guest 1 is up' && abort('SIGINT'),
  });
  assert.match(report(judged), /fail right-answerer: violated/);
  assert.match(report(judged), / unknown: the run was ended before/);
});

test('what is unknown for want of requests names the option that gives more of them', async () => {
  const plan = makePlan({ ...smallOptions, scenarios: ['agent-kill'], boots: 1 });
  const short = plan.cells.map((cell) => ({
    ...cell,
    windows: cell.windows.map((window) => (window.faults === undefined ? { ...window, maxRequests: 300 } : window)),
  }));
  const { judged } = await testRun({ made: { ...plan, cells: short } });
  assert.is(judged.exitCode, 4);
  assert.match(report(judged), /^unknown {2}1 verdict \(bystander-unaffected\): too few .*bench --repeat 3 measures/m);
  // And it does give more.
  const windows = (repeat: number) =>
    makePlan({ ...smallOptions, scenarios: ['agent-kill'], repeat }).cells[0]?.windows;
  assert.equal(windows(3), [...(windows(1) ?? []), ...(windows(1) ?? []), ...(windows(1) ?? [])]);
});

test('windows are not repeated beyond what a cell may have', () => {
  const repeat = 99;
  assert.throws(() => makePlan({ ...smallOptions, repeat }), /latency has 3 windows, and a cell may have 256: repeat/);
});

test.run();
