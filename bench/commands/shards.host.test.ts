// SPDX-License-Identifier: MIT
/** Shards as processes of their own, one of which is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { readRun } from '../../results/run-reader.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import { main } from './main.ts';
import { capture } from './testing/capture.ts';

const test = suite('shards as processes', { timeoutMs: 600_000 });
test.after(removeTestRuns);

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = testFolder();
const at = (name: string) => path.join(folder, name);

function start(script: string, ...args: string[]): ChildProcess {
  const { CI: _ci, INIT_CWD: _cwd, ...env } = process.env;
  return spawn(process.execPath, ['--import', 'tsx', 'bench/cli.ts', ...args], {
    cwd: root,
    env: { ...env, KEYSTORM_FAKE: script },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** In a process of its own. */
async function done(...args: string[]): Promise<{ code: number | null; err: string }> {
  const child = start('', ...args);
  const exit = once(child, 'exit');
  const [err] = await Promise.all([child.stderr, child.stdout].map(textOf));
  return { code: (await exit)[0] as number | null, err: err ?? '' };
}

async function textOf(stream: ChildProcess['stdout']): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

/** In this process, as there is nothing about it that another would change. */
async function here(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { output, out, err } = capture();
  const code = await main(args, output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** Kills the process once its standard error has said so. */
async function killedAt(child: ChildProcess, pattern: RegExp): Promise<void> {
  let err = '';
  const exit = once(child, 'exit');
  for await (const chunk of child.stderr ?? []) {
    err += String(chunk);
    if (pattern.test(err)) child.kill('SIGKILL');
  }
  assert.equal((await exit)[1], 'SIGKILL', err);
}

const shard = (which: string, dir: string) => ['bench', '--plan', at('plan.json'), '--shard', which, '--out', dir];

test('in any order and one of them killed, then repeated or taken up, they come to the figures and verdicts of one run', async () => {
  const choice = ['--machine', 'fake', '--mechanism', 'keyagent-fd', '--scenario', 'latency,agent-kill', '--quick'];
  assert.is((await here('plan', ...choice, '--boots', '4', '--seed', '7', '--out', at('plan.json'))).code, 0);
  const whole = await here('bench', '--plan', at('plan.json'), '--out', at('whole'), '--json');
  assert.is(whole.code, 0, whole.err);

  // Two boots are in it: it is killed in the second cell of the second one.
  const killed = killedAt(start('freeze@1.1', ...shard('1/3', at('killed'))), /boot 2\/2: cell 2\//);
  const others = ['3/3', '2/3'].map((which) => done(...shard(which, at(`s${which[0]}`))));
  await killed;
  for (const { code, err } of await Promise.all(others)) assert.is(code, 0, err);
  assert.is(readRun(at('killed')).status, 'incomplete');

  const early = await here('merge', at('s3'), at('killed'), at('s2'), '--out', at('early'));
  assert.is(early.code, 4, early.err);
  assert.match(early.err, /shard 1\/3 in .*killed is incomplete \(There is no end\.json/);

  assert.is((await done(...shard('1/3', at('repeated')))).code, 0);
  const twice = await here('merge', at('s3'), at('killed'), at('s2'), at('repeated'), '--out', at('twice'));
  assert.is(twice.code, 2, twice.err);
  assert.match(twice.err, /There more than once: shard 1\/3 \(/);
  const resumed = await done('bench', '--resume', at('killed'));
  assert.is(resumed.code, 0, resumed.err);
  assert.match(resumed.err, /1 left of 2 boots/);

  const { metrics, verdicts } = JSON.parse(whole.out);
  for (const first of ['repeated', 'killed']) {
    const merged = await here('merge', at('s3'), at(first), at('s2'), '--out', at(`with-${first}`), '--json');
    assert.is(merged.code, 0, merged.err);
    const document = JSON.parse(merged.out);
    assert.is(document.status, 'complete');
    assert.is(JSON.stringify(document.metrics), JSON.stringify(metrics), first);
    assert.is(JSON.stringify(document.verdicts), JSON.stringify(verdicts), first);
  }
});

test.run();
