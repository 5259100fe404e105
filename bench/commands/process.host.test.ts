// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { readRun } from '../../results/run-reader.ts';
import { shellQuoted } from '../../vm/host/program.ts';
import { benchDocumentSchema } from '../report/bench-json.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import { root, type Started, startProgram } from './testing/started.ts';

const test = suite('the program as a process', { timeoutMs: 30_000 });
test.after(removeTestRuns);

const small = ['--machine', 'fake', '--mechanism', 'keyagent-fd', '--scenario', 'latency', '--quick', '--seed', '7'];

interface StartedRun extends Started {
  readonly dir: string;
}

/** Starts `keystorm bench` on the fake machine with a script of what goes wrong. */
function start(script: string, ...args: string[]): StartedRun {
  return startAs([process.execPath, '--import', 'tsx', 'bench/cli.ts', 'bench'], script, ...args);
}

function startAs(command: readonly string[], script: string, ...args: string[]): StartedRun {
  const dir = path.join(testFolder(), 'run');
  return { dir, ...startProgram([...command, ...small, '--out', dir, ...args], script) };
}

test('--json puts exactly one document on standard output, everything else on standard error', async () => {
  const { ended, dir } = start('', '--json');
  const { code, out, err } = await ended;
  assert.is(code, 0);
  const document = benchDocumentSchema.parse(JSON.parse(out));
  assert.equal([document.run, document.status, document.verdict], [dir, 'complete', 'pass']);
  assert.is(out.trimEnd().split('\n').length, 1);
  assert.match(err, /boot 1\/1: done/);
  assert.match(err, /figures are made up/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a pipe is no terminal
  assert.not.match(out + err, /\u001b|\r/);
});

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} stops the run, keeps and reports what there is, and exits ${expected}`, async () => {
    const { child, dir, says, ended } = start('freeze@0.1');
    await says(/cell 2\/2/);
    child.kill(signal);
    const { code, out, err } = await ended;
    assert.is(code, expected);
    assert.match(err, new RegExp(`${signal}: stopping the guest and keeping what was measured`));
    assert.match(err, /boot 1\/1: aborted/);
    assert.match(out, /status aborted, verdict unknown/);
    const run = readRun(dir);
    assert.is(run.status, 'aborted');
    assert.ok(run.records.some((record) => record.kind === 'frame' && record.frame.t === 'counters'));
  });
}

test('a SIGTERM to npm is one to the harness, and npm waits for its end', async () => {
  const { child, dir, says, ended } = startAs(['npm', 'run', '-s', 'bench', '--'], 'freeze@0.1');
  await says(/cell 2\/2/);
  child.kill('SIGTERM');
  const { code, err } = await ended;
  assert.is(code, 143, err);
  assert.is(readRun(dir).status, 'aborted');
});

test('one Ctrl-C that comes twice, from the terminal and by npm, is one', async () => {
  const { child, dir, says, ended } = start('freeze@0.1');
  await says(/cell 2\/2/);
  child.kill('SIGINT');
  await says(/SIGINT: stopping/);
  child.kill('SIGINT');
  const { code, err } = await ended;
  assert.is(code, 130);
  assert.match(err, /boot 1\/1: aborted/);
  assert.is(readRun(dir).status, 'aborted');
});

test('a second SIGINT ends it at once, and what was recorded stays readable', async () => {
  const { child, dir, says, ended } = start('freeze@0.1 deaf@0');
  await says(/cell 2\/2/);
  child.kill('SIGINT');
  await says(/SIGINT: stopping/);
  // Too soon after the first it is taken for the same keystroke.
  const again = setInterval(() => child.kill('SIGINT'), 50);
  const { code, err } = await ended.finally(() => clearInterval(again));
  assert.is(code, 130);
  assert.match(err, new RegExp(`\nrest     .*bench --resume ${dir}\n$`), 'the last thing that is said');
  const run = readRun(dir);
  assert.is(run.status, 'incomplete');
  assert.ok(run.records.some((record) => record.kind === 'frame' && record.frame.t === 'counters'));
});

test('a killed harness leaves a run that is read as incomplete', async () => {
  const { child, dir, says, ended } = start('freeze@0.1');
  await says(/cell 2\/2/);
  child.kill('SIGKILL');
  await ended;
  const run = readRun(dir);
  assert.is(run.status, 'incomplete');
  assert.ok(run.records.length > 5);
});

test('when nobody reads what it writes, the run is made and stored all the same', async () => {
  const { child, dir, ended } = start('');
  child.stdout.destroy();
  child.stderr.destroy();
  const { code } = await ended;
  assert.is(code, 0);
  assert.is(readRun(dir).status, 'complete');
});

test('a guest that fails is exit code 3, with the kind of failure and the way to the console', async () => {
  const { ended, dir } = start('panic@0.0');
  const { code, out } = await ended;
  assert.is(code, 3);
  assert.match(out, /boot 0: guest-panic: .*last on its console: "Kernel panic - not syncing/);
  assert.ok(existsSync(path.join(dir, 'boot-0', 'console.log')));
});

test('called by its link outside the checkout, it names commands that work there', () => {
  const dir = testFolder();
  const link = path.join(dir, 'keystorm');
  symlinkSync(path.join(root, 'bench', 'bootstrap.mjs'), link);
  const { INIT_CWD: _cwd, ...env } = process.env;
  const { stdout, status } = spawnSync(link, ['report', 'quick-1', '--no-files'], { cwd: dir, env, encoding: 'utf8' });
  assert.is(status, 0);
  assert.match(stdout, `\nagain    keystorm report ${shellQuoted(path.join(root, 'results/examples/quick-1'))}\n`);
  assert.match(stdout, '\nrepeat   keystorm bench --mechanism ');
});

test('a folder that holds a run already is refused', async () => {
  const first = start('');
  assert.is((await first.ended).code, 0);
  const second = start('', '--out', first.dir);
  const { code, err } = await second.ended;
  assert.is(code, 2);
  assert.match(err, /already holds a run/);
  assert.not.match(err, /prepare/, 'before anything is prepared');
});

test.run();
