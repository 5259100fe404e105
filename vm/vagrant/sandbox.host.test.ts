// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { attempt, run } from '../host/command.ts';
import { relayTo } from './relay.ts';
import { Sandbox } from './sandbox.ts';
import { whyNotHere } from './testing/here.ts';

const test = suite('a libvirt of our own', { timeoutMs: 180_000 });
const root = mkdtempSync(path.join(tmpdir(), 'sandbox-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

/** So long the kernel and the reaper may take to end what is left, from the death of whoever started it. */
const goneMs = 10_000;

/** Processes of this host that are in the process namespace of that one, or whose namespace is `namespace`. */
function processesIn(namespace: string): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && namespaceOf(pid) === namespace);
}

function namespaceOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

async function soon(condition: () => boolean): Promise<boolean> {
  for (const until = performance.now() + goneMs; performance.now() < until; await sleep(50)) {
    if (condition()) return true;
  }
  return condition();
}

/** What of this host a libvirt could change. */
async function hostState(): Promise<string> {
  const links = (await run('ip', ['-o', 'link'])).replace(/(state|qlen) \S+/g, '');
  const folders = ['/etc/libvirt', '/var/lib/libvirt', '/run/libvirt', '/var/lib/libvirt/images', '/run/netns'];
  const names = folders.map((folder) => (existsSync(folder) ? readdirSync(folder).join() : 'none'));
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length;
  return JSON.stringify([links, names, mounts]);
}

const why = whyNotHere();
if (why === undefined) {
  test('it has a network for guests, and this host gets nothing of it', async () => {
    const before = await hostState();
    const sandbox = await Sandbox.open({ accelerator: 'tcg', logs: root });
    try {
      const inside = (program: string, ...args: string[]) => run(...sandbox.entering(program, args));
      assert.match(await inside('virsh', '-c', 'qemu:///system', 'net-list', '--name'), /^vagrant-libvirt$/m);
      assert.match(await inside('ip', '-o', 'addr', 'show', 'dev', 'virbr0'), /192\.168\.121\.1\/24/);
      assert.not.match(await inside('ip', '-o', 'addr'), /inet6/, 'nobody there speaks IPv6');
      assert.match(await inside('virsh', '-c', 'qemu:///system', 'list', '--all', '--name'), /^\s*$/);
      assert.is((await attempt(...sandbox.entering('test', ['-r', '/run/dbus']))).code, 1);
      assert.is(await hostState(), before);
      assert.is(sandbox.readProc('/proc/1/comm'), 'bash\n');
      assert.is(sandbox.readProc('/proc/0/comm'), undefined);
    } finally {
      await sandbox.close();
    }
    assert.is(await hostState(), before);
  });

  test('bytes go to a port in there and back, and a port where nobody listens ends the stream', async () => {
    const sandbox = await Sandbox.open({ accelerator: 'tcg', logs: root });
    try {
      const echo = `require('net').createServer((s) => s.pipe(s)).listen(7, '127.0.0.1', () => console.log('up'))`;
      const server = spawn(...sandbox.entering(process.execPath, ['-e', echo]), {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(server.stdout as NonNullable<typeof server.stdout>, 'data');
      const stream = relayTo(sandbox, '127.0.0.1', 7);
      stream.write('hello');
      assert.is(String((await once(stream, 'data'))[0]), 'hello');
      stream.destroy();
      const nowhere = relayTo(sandbox, '127.0.0.1', 8);
      nowhere.resume();
      await new Promise<void>((resolve) => nowhere.once('close', resolve));
    } finally {
      await sandbox.close();
    }
  });

  test('a command beside it runs to its end, and its status is what is told', async () => {
    const cli = fileURLToPath(new URL('./sandbox-cli.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', cli, 'bash', '-c', 'exit 7'], { stdio: 'ignore' });
    assert.equal(await once(child, 'exit'), [7, null]);
  });

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    test(`who dies of ${signal} leaves nothing of it`, async () => {
      const file = fileURLToPath(new URL('./sandbox.ts', import.meta.url));
      const script = `
        import { Sandbox } from ${JSON.stringify(file)};
        const sandbox = await Sandbox.open({ accelerator: 'tcg', logs: ${JSON.stringify(root)} });
        console.log(sandbox.pid);
        setInterval(() => {}, 1e6);`;
      const argv = ['--import', 'tsx', '--input-type=module', '-e', script];
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [said] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
      const namespace = namespaceOf(Number(said));
      assert.ok(namespace !== undefined && namespace !== namespaceOf(process.pid));
      assert.ok(processesIn(namespace).length >= 3, 'its first process, libvirtd and dnsmasq');
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
      assert.ok(await soon(() => processesIn(namespace).length === 0));
    });
  }

  test('one that does not come up says why, and is gone', async () => {
    const logs = path.join(root, 'absent');
    await Sandbox.open({ accelerator: 'tcg', logs }).then(
      () => assert.unreachable(),
      (error: unknown) => {
        assert.instance(error, KeystormError);
        assert.is((error as KeystormError).exitCode, 3);
        assert.match((error as Error).message, /^The libvirt for Vagrant's guests does not come up: .*absent/);
      },
    );
  });
} else test.skip('a libvirt in namespaces of its own', why);

test.run();
