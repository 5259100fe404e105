// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { type JudgedRun, judgedRun } from '../commands/actions/judged-run.ts';
import { makePlan } from '../plan/make-plan.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, smallOptions, testRun } from '../testing/test-run.ts';
import { cutOff } from './cut-off.ts';
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
  assert.match(text, new RegExp(`^  ${unknown} verdicts of \\d+ cells unknown: not all of their boots are done`, 'm'));
  assert.is(text.split('\n').filter((line) => /unknown, expected/.test(line)).length, 0);
});

test('what fails in a run that was stopped is told all the same', async () => {
  const { judged } = await testRun({
    script: 'wrong-answers@0.0 wrong-answers@0.1',
    onEvent: (event, abort) => event === 'guest 1 is up' && abort('SIGINT'),
  });
  assert.match(report(judged), /fail right-answerer: violated/);
  assert.match(report(judged), / unknown: not all of their boots are done/);
});

test('what is unknown for want of requests names the option that gives more of them', async () => {
  const plan = makePlan({ ...smallOptions, scenarios: ['agent-kill'], boots: 1 });
  const short = plan.cells.map((cell) => ({
    ...cell,
    windows: cell.windows.map((window) => (window.faults === undefined ? { ...window, maxRequests: 300 } : window)),
  }));
  const { judged } = await testRun({ made: { ...plan, cells: short } });
  assert.is(judged.exitCode, 4);
  assert.match(report(judged), /^unknown {2}1 verdict \(bystander-unaffected\): too few /m);
  assert.match(report(judged), /^more {5}.* bench --mechanism keyagent-fd --scenario agent-kill .* --repeat 3$/m);
  // And it does give more.
  const windows = (repeat: number) =>
    makePlan({ ...smallOptions, scenarios: ['agent-kill'], repeat }).cells[0]?.windows;
  assert.equal(windows(3), [...(windows(1) ?? []), ...(windows(1) ?? []), ...(windows(1) ?? [])]);
});

test('what is unknown of a boot that came to its end is told, though others are due', async () => {
  const { judged } = await testRun({
    plan: { boots: 3 },
    script: 'panic@0.1',
    onEvent: (event, abort) => event === 'guest 2 is up' && abort('SIGINT'),
  });
  assert.match(report(judged), /boot 0: .*guest-panic/);
  const { run, verdicts } = judged;
  const folded = cutOff(run, verdicts);
  assert.ok(folded.size > 0);
  assert.is([...folded].filter(({ evidence }) => /guest-panic/.test(evidence)).length, 0);
});

const restIn = (text: string) => /^rest /m.test(text);

test('a run that would be refused is not proposed to be taken up: of an earlier format, damaged, or still being written', async () => {
  const cut = () => testRun({ onEvent: (event, abort) => event === 'guest 1 is up' && abort('SIGINT') });
  const { judged, dir } = await cut();
  assert.ok(restIn(report(judged)));
  // Who runs this test is not the process that holds the lock.
  const lock = path.join(dir, '.lock');
  const other = spawn('flock', [lock, 'sh', '-c', 'echo "pid $$ on $(hostname)" >"$0"; echo held; exec cat', lock]);
  await once(other.stdout, 'data');
  assert.not.ok(restIn(report(judged)));
  const gone = once(other, 'close');
  other.stdin.end();
  await gone;
  assert.ok(restIn(report(judged)));

  const log = path.join(dir, 'frames.ndjson');
  const lines = readFileSync(log, 'utf8').split('\n');
  writeFileSync(log, [...lines.slice(0, 2), 'garbled', ...lines.slice(3)].join('\n'));
  assert.not.ok(restIn(report(judgedRun(dir))));
  const old = await cut();
  const manifest = path.join(old.dir, 'manifest.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/keystorm\/run\/\d+/, 'keystorm/run/5'));
  assert.not.ok(restIn(report(old.judged)));
});

test('windows are not repeated beyond what a cell may have', () => {
  const repeat = 99;
  assert.throws(() => makePlan({ ...smallOptions, repeat }), /latency has 3 windows, and a cell may have 256: repeat/);
});

test.run();
