// SPDX-License-Identifier: MIT
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';

const test = suite('the reaper', { timeoutMs: 60_000 });
const root = mkdtempSync(path.join(tmpdir(), 'reaper-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const entrust = fileURLToPath(new URL('./entrust.ts', import.meta.url));
/** So long it may take, from the death of whoever entrusted. */
const reapedMs = 5_000;

/** Runs `script` in a process of its own, with `entrust` and `spawn` in scope, until it says a line; then that one. */
async function started(script: string): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const imports = `import { entrust } from ${JSON.stringify(entrust)}; import { spawn } from 'node:child_process';`;
  const argv = ['--import', 'tsx', '--input-type=module', '-e', `${imports} ${script}; setInterval(() => {}, 1e6);`];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return { child, said: String(said).trim() };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

const isRunning = (pid: string) => {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Whether it comes to be so in time. */
async function soon(condition: () => boolean): Promise<boolean> {
  for (const until = performance.now() + reapedMs; performance.now() < until; await sleep(20)) {
    if (condition()) return true;
  }
  return condition();
}

/** An orphan that nothing but the reaper ends. */
const sleeper = `const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true }); sleeper.unref();`;

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`who dies of ${signal} leaves neither process, folder nor file that it entrusted`, async () => {
    const [folder, file] = ['folder', 'a file'].map((name) => path.join(root, `${signal} ${name}`)) as [string, string];
    const told = [folder, file].map((place) => JSON.stringify(place));
    const { child, said: pid } = await started(`
      ${sleeper}
      entrust({ kind: 'process', pid: sleeper.pid });
      entrust({ kind: 'folder', path: ${told[0]} });
      entrust({ kind: 'file', path: ${told[1]} });
      console.log(sleeper.pid)`);
    mkdirSync(path.join(folder, 'deep'), { recursive: true });
    writeFileSync(path.join(folder, 'deep', 'file'), 'x');
    writeFileSync(file, 'x');
    assert.ok(isRunning(pid));
    await kill(child, signal);
    assert.ok(await soon(() => !isRunning(pid) && !existsSync(folder) && !existsSync(file)));
  });
}

test('who is killed the moment after it has entrusted something leaves nothing either', async () => {
  const folder = path.join(root, 'at once');
  mkdirSync(folder);
  const { child } = await started(`
    process.stdout.write('ready');
    entrust({ kind: 'folder', path: ${JSON.stringify(folder)} });
    process.kill(process.pid, 'SIGKILL')`);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  assert.ok(await soon(() => !existsSync(folder)));
});

test('what was taken back stays, and so does a process that has another’s number', async () => {
  const [kept, reaped] = ['kept', 'reaped'].map((name) => path.join(root, name)) as [string, string];
  for (const dir of [kept, reaped]) mkdirSync(dir);
  const { child, said: pid } = await started(`
    ${sleeper}
    entrust({ kind: 'process', pid: sleeper.pid })();
    entrust({ kind: 'folder', path: ${JSON.stringify(kept)} })();
    entrust({ kind: 'folder', path: ${JSON.stringify(reaped)} });
    console.log(sleeper.pid)`);
  await kill(child, 'SIGKILL');
  assert.ok(await soon(() => !existsSync(reaped)));
  assert.ok(existsSync(kept) && isRunning(pid));

  const reaper = spawn(process.execPath, [fileURLToPath(new URL('./reaper.mjs', import.meta.url))], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  reaper.stdin.end(`+ 1 process ${pid} 1\nwhat is no line of ours\n`);
  await once(reaper, 'exit');
  assert.ok(isRunning(pid));
  process.kill(Number(pid), 'SIGKILL');
});

test('nothing waits for it: who entrusted and has no more to do ends', async () => {
  const imports = `import { entrust } from ${JSON.stringify(entrust)};`;
  const script = `${imports} entrust({ kind: 'file', path: ${JSON.stringify(path.join(root, 'none'))} });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  assert.is(code, 0);
});

test.run();
