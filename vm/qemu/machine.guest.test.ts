// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { checkoutDir } from '../cache.ts';
import { MachineFailure } from '../failure.ts';
import { openProvider } from '../providers.ts';
import { makeBootKeys } from './keys.ts';
import type { QemuMachine, QemuMachineParts } from './machine.ts';
import { QemuProvider } from './provider.ts';

// The first test may have to fetch and build the image.
const test = suite('a real guest in QEMU', { timeoutMs: 300_000 });

const root = mkdtempSync(path.join(tmpdir(), 'keystorm-guest-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const prepareOptions = {
  kernel: '6.1',
  locked: false,
  noInstall: true,
  progress: (line: string) => console.error(line),
};
const bare = new QemuProvider(true);
let count = 0;

/** A guest without our programs in it: what is tested here must not depend on them. */
async function newMachine(
  change: Pick<QemuMachineParts, 'deadlines' | 'keys'> & { memoryMiB?: number } = {},
): Promise<QemuMachine> {
  await bare.prepare({ ...prepareOptions });
  const { memoryMiB = 512, ...parts } = change;
  const options = { dir: path.join(root, String(count++)), smp: 1, memoryMiB };
  return bare.create(options, parts);
}

async function failureOf(promise: Promise<unknown>): Promise<MachineFailure> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, MachineFailure, String(error));
    return error as MachineFailure;
  }
  throw new Error('it did not fail');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Polls, because a process that is not our child cannot be waited for. */
async function goneWithin(pid: number, ms: number): Promise<boolean> {
  for (const until = performance.now() + ms; performance.now() < until; await sleep(50))
    if (!isRunning(pid)) return true;
  return !isRunning(pid);
}

test('boots, runs commands, and is gone after stop', async () => {
  const machine = await newMachine();
  const { dir } = { dir: path.dirname(machine.abilities.console?.logFile ?? '') };
  try {
    await machine.start();
    const { pid } = machine;
    await machine.ready();
    assert.equal(await machine.run('true'), { code: 0, stdout: '', stderr: '' });
    assert.equal(await machine.run('echo out; echo err >&2; exit 7'), { code: 7, stdout: 'out\n', stderr: 'err\n' });
    assert.is((await machine.run('uname -r')).stdout.trim(), machine.describe().kernelRelease);
    assert.is((await machine.run('cat /proc/cmdline')).stdout.trim(), machine.describe().cmdline);
    assert.not.ok(existsSync(path.join(dir, 'initrd-with-keys')), 'keys stay on no disk');
    await machine.stop();
    await machine.stop();
    assert.is((await machine.wait()).failure, null);
    assert.not.ok(isRunning(pid ?? 0));
    assert.match(readFileSync(path.join(dir, 'console.log'), 'utf8'), 'keystorm: ready');
  } finally {
    await machine.stop();
  }
});

test('what a container runtime and the key tools need is there', async () => {
  const machine = await newMachine();
  try {
    await machine.start();
    await machine.ready();
    const { stdout, code, stderr } = await machine.run(
      'keyctl session - keyctl add user a b @s >/dev/null && crun --version | head -1 && ip netns list && unshare -Ur true &&' +
        ' mkdir /tmp/root && mount -t tmpfs none /tmp/root && mkdir /tmp/root/old && unshare -m sh -c "cd /tmp/root && pivot_root . old" &&' +
        ' for p in bash busybox crun dropbear ip keyctl request-key mount ps unshare setpriv; do ! ldd_missing=$(LD_TRACE_LOADED_OBJECTS=1 $(command -v $p || echo /sbin/$p) | grep "not found") || echo "$p: $ldd_missing"; done',
    );
    assert.is(code, 0, stderr);
    assert.match(stdout, /^crun version [0-9.]+\n$/);
  } finally {
    await machine.stop();
  }
});

for (const [when, until] of [
  ['before QEMU is there', async () => undefined],
  [
    'while QEMU sets itself up',
    async (machine: QemuMachine) => {
      while (machine.pid === undefined) await sleep(1);
    },
  ],
] as const) {
  test(`a guest stopped ${when} does not come back, and its keys are gone`, async () => {
    const machine = await newMachine();
    const starting = machine.start().catch((error: unknown) => error);
    await until(machine);
    await machine.stop();
    const { pid } = machine;
    assert.ok(pid === undefined || !isRunning(pid), 'QEMU still runs');
    await starting;
    assert.is(machine.pid, pid, 'QEMU was started after all');
    assert.not.ok(existsSync(path.join(root, String(count - 1), 'initrd-with-keys')));
    await machine.stop();
  });
}

test("refuses a guest whose host key is not this boot's", async () => {
  const keys = { ...makeBootKeys(), hostPublic: makeBootKeys().hostPublic };
  const machine = await newMachine({ keys });
  try {
    await machine.start();
    const failure = await failureOf(machine.ready());
    assert.is(failure.kind, 'lost-connection');
    assert.match(failure.message, /host key that is not this boot's/);
  } finally {
    await machine.stop();
  }
});

test('a panic is a panic, with its last lines, for whoever was waiting', async () => {
  const machine = await newMachine();
  try {
    await machine.start();
    await machine.ready();
    const failure = await failureOf(machine.run('echo c >/proc/sysrq-trigger; sleep 60'));
    assert.is(failure.kind, 'guest-panic');
    assert.match(failure.message, 'Kernel panic - not syncing: sysrq triggered crash');
    assert.ok(failure.consoleTail.some((line) => line.includes('sysrq: Trigger a crash')));
    assert.is((await machine.wait()).failure?.kind, 'guest-panic');
  } finally {
    await machine.stop();
  }
});

test('a guest that is paused for longer than it may be silent has not failed', async () => {
  const machine = await newMachine({ deadlines: { silence: 4_000 } });
  try {
    await machine.start();
    const up = machine.ready();
    await sleep(500);
    await machine.abilities.pause?.pause();
    const awake = machine.abilities.awake?.() ?? 0;
    await sleep(6_000);
    assert.is(machine.abilities.awake?.(), awake);
    await machine.abilities.pause?.resume();
    await up;
    assert.is((await machine.run('true')).code, 0);
  } finally {
    await machine.stop();
  }
});

test('a QEMU killed from outside is a failure that says so', async () => {
  const machine = await newMachine();
  try {
    await machine.start();
    await machine.ready();
    const running = failureOf(machine.run('sleep 60'));
    process.kill(machine.pid ?? 0, 'SIGKILL');
    const failure = await running;
    assert.is(failure.kind, 'harness-fault');
    assert.match(failure.message, 'QEMU was killed by SIGKILL');
  } finally {
    await machine.stop();
  }
});

test('a guest that turns itself off has not failed', async () => {
  const machine = await newMachine();
  try {
    await machine.start();
    await machine.ready();
    // Its own end may reach us before its answer does.
    await machine.run('poweroff -f').catch(() => undefined);
    assert.is((await machine.wait()).failure, null);
  } finally {
    await machine.stop();
  }
});

for (const [name, change, kind] of [
  ['is not up in time', { deadlines: { ready: 300 } }, 'timeout'],
  ['stays silent', { deadlines: { silence: 100 } }, 'hang'],
  ['has too little memory to boot', { memoryMiB: 64 }, 'boot-failure'],
] as const) {
  test(`a guest that ${name}: ${kind}`, async () => {
    const machine = await newMachine(change);
    try {
      await machine.start();
      assert.is((await failureOf(machine.ready())).kind, kind);
    } finally {
      await machine.stop();
    }
  });
}

test('no QEMU outlives a harness that is killed', async () => {
  const harness = spawn(
    process.execPath,
    ['--import', 'tsx', 'vm/qemu/try.ts', '--bare', '--no-install', 'sleep 600'],
    { cwd: checkoutDir, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    let pid = 0;
    for await (const line of createInterface({ input: harness.stderr })) {
      pid = Number(/QEMU runs, pid (\d+)/.exec(line)?.[1] ?? 0);
      if (pid !== 0) break;
    }
    assert.ok(pid > 0 && isRunning(pid));
    harness.kill('SIGKILL');
    assert.ok(await goneWithin(pid, 10_000));
  } finally {
    harness.kill('SIGKILL');
  }
});

test('the channel leads to the runner, which ends with its plan', async () => {
  const provider = openProvider('qemu');
  await provider.prepare({ ...prepareOptions });
  const machine = provider.create({ dir: path.join(root, 'runner'), smp: 1, memoryMiB: 512 });
  try {
    await machine.start();
    await machine.ready();
    const channel = await machine.channel();
    channel.end('this is no plan\n');
    let said = '';
    for await (const chunk of channel) said += chunk;
    assert.match(said, /^KSF [0-9a-f]{8} \{.*"t":"error"/);
    assert.match(machine.describe().moduleHash, /^[0-9a-f]{64}$/);
  } finally {
    await machine.stop();
  }
});

test.run();
