// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';

const test = suite('running programs of the host', { timeoutMs: 20_000 });

const root = mkdtempSync(path.join(tmpdir(), 'keystorm-command-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

/** A process that runs a program of an hour and then ends as a signalled harness does; the pid of that program. */
async function leftBehind(name: string, options: string): Promise<number> {
  const pidFile = path.join(root, name);
  const module = fileURLToPath(new URL('./command.ts', import.meta.url));
  const script = `
    import { existsSync } from 'node:fs';
    import { attempt } from ${JSON.stringify(module)};
    void attempt('sh', ['-c', 'echo $$ >"$0.new"; mv "$0.new" "$0"; exec sleep 3600', ${JSON.stringify(pidFile)}], ${options});
    setInterval(() => existsSync(${JSON.stringify(pidFile)}) && process.exit(143), 5);`;
  const harness = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  assert.is(await new Promise((resolve) => harness.on('close', resolve)), 143);
  assert.ok(existsSync(pidFile));
  return Number(readFileSync(pidFile, 'utf8'));
}

function isRunning(pid: number): boolean {
  try {
    // A process that has ended, but that nobody has waited for yet, is no longer running.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('what a preparation is running ends with the harness', async () => {
  const pid = await leftBehind('leashed', '{}');
  while (isRunning(pid)) await sleep(5);
});

test('what must not be cut short goes on', async () => {
  const pid = await leftBehind('unleashed', '{ outlivesUs: true }');
  assert.ok(isRunning(pid));
  process.kill(pid, 'SIGKILL');
});

test.run();
