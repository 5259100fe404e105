// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { withLock } from './lock.ts';

const test = suite('locks between harnesses', { timeoutMs: 20_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-lock-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const unheard = () => undefined;

test('one at a time, and who waits is told for whom', async () => {
  const file = path.join(root, 'one');
  const events: string[] = [];
  let letGo: () => void = unheard;
  const waiting = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const options = { waitMs: 10_000, onWait: unheard };
  let second: Promise<void> | undefined;
  await withLock(file, options, async () => {
    events.push('first begins');
    const onWait = (holder: string) => {
      events.push(`waits for ${holder}`);
      letGo();
    };
    second = withLock(file, { ...options, onWait }, async () => void events.push('second'));
    await waiting;
    events.push('first ends');
  });
  await second;
  const me = `pid ${process.pid} on ${hostname()}`;
  assert.equal(events, ['first begins', `waits for Another keystorm (${me})`, 'first ends', 'second']);
});

test('work that fails lets go', async () => {
  const file = path.join(root, 'fails');
  const options = { waitMs: 1, onWait: () => assert.unreachable() };
  const failing = withLock(file, options, () => Promise.reject(new Error('no')));
  assert.is(await failing.catch((error: Error) => error.message), 'no');
  assert.is(await withLock(file, options, async () => 7), 7);
});

test('waiting has a bound, and the sentence names the holder and the file', async () => {
  const file = path.join(root, 'bound');
  const error = await withLock(file, { waitMs: 1, onWait: unheard }, () =>
    withLock(file, { waitMs: 20, onWait: unheard }, async () => undefined).catch((thrown: unknown) => thrown),
  );
  assert.instance(error, KeystormError);
  assert.is((error as KeystormError).exitCode, 3);
  assert.match((error as Error).message, `pid ${process.pid} on ${hostname()}) has held the lock ${file}`);
});

test('whoever held it before is not named', async () => {
  const file = path.join(root, 'stale');
  const gone = spawn('true');
  await once(gone, 'close');
  writeFileSync(file, `pid ${gone.pid} on ${hostname()}\n`);
  // Held by a program that tells no name.
  const holder = spawn('flock', ['--no-fork', file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const onWait = (who: string) => {
    assert.is(who, 'Another keystorm');
    holder.stdin.end();
  };
  await withLock(file, { waitMs: 10_000, onWait }, async () => undefined);
  assert.is(readFileSync(file, 'utf8'), '', 'nor is one that went');
});

test('a holder that is killed holds nothing', async () => {
  const file = path.join(root, 'killed');
  const module = fileURLToPath(new URL('./lock.ts', import.meta.url));
  const script = `
    import { withLock } from ${JSON.stringify(module)};
    await withLock(${JSON.stringify(file)}, { waitMs: 1, onWait() {} }, async () => {
      console.log('held');
      await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    });`;
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const told: string[] = [];
  const onWait = (who: string) => {
    told.push(who);
    holder.kill('SIGKILL');
  };
  assert.is(await withLock(file, { waitMs: 10_000, onWait }, async () => 'mine'), 'mine');
  assert.equal(told, [`Another keystorm (pid ${holder.pid} on ${hostname()})`]);
});

test('where no file can be made, the file system says why', async () => {
  const error = await withLock('/proc/keystorm', { waitMs: 1, onWait: unheard }, async () => undefined).catch(
    (thrown: NodeJS.ErrnoException) => thrown,
  );
  assert.is((error as NodeJS.ErrnoException).code, 'ENOENT');
});

test.run();
