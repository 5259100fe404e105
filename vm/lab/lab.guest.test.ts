// SPDX-License-Identifier: MIT
/** Everything of a stay on somebody's machine, on a guest that plays one. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { main } from '../../bench/commands/main.ts';
import { capture } from '../../bench/commands/testing/capture.ts';
import { guestKernel } from '../../bench/testing/guest-kernel.ts';
import { suite } from '../../bench/testing/suite.ts';
import { temporaryFolder } from '../../results/testing/folders.ts';
import { bootAndBuildMs } from '../guest/runner/testing/guest.ts';
import { Preparation } from '../image/prepare.ts';
import { SshLink } from '../ssh/link.ts';
import { headersCommand } from './kernel.ts';
import type { LabMachine } from './machine.ts';
import { LabProvider } from './provider.ts';
import { boxOf } from './testing/box.ts';

const test = suite("a run on somebody's machine", { timeoutMs: bootAndBuildMs });
const box = boxOf(test);

/** All that a stay may change, as text: the same before and after. */
const state = [
  'ls -la /keystorm /sbin/request-key* /etc/request-key.d 2>&1 | grep -v "^total\\| \\.\\.\\?$"',
  'cat /etc/request-key.d/* /proc/sys/kernel/keys/*max* /sys/fs/cgroup/cgroup.subtree_control',
  'ls -d /run/keystorm* /sys/fs/cgroup/keystorm* 2>/dev/null; cut -d" " -f1 /proc/modules; grep keystorm /proc/mounts; pgrep -l ks-',
].join('; ');

const sh = async (command: string): Promise<string> => (await box().guest.run(command)).stdout;

async function machine(): Promise<LabMachine> {
  const { address, access, host } = box();
  const provider = new LabProvider(address);
  const options = { kernel: '', locked: false, noInstall: true, progress: () => undefined };
  await provider.prepare({ ...options, access: { ...access, consent: host } });
  return provider.create({ dir: temporaryFolder(), smp: 1, memoryMiB: 512 }) as LabMachine;
}

test.before(async () => {
  // So that what is put back is seen to be its owner's, and not what was made up.
  await sh(
    'echo 333 >/proc/sys/kernel/keys/maxkeys; mkdir -p /etc/request-key.d; echo "# mine" >/etc/request-key.d/keystorm.conf',
  );
});

test('a run is measured and judged with its own kernel, and leaves the machine as it was', async () => {
  const before = await sh(state);
  assert.match(before, /^# mine\n\d+\n333\n/m);
  const { address, access, host } = box();
  const out = path.join(temporaryFolder(), 'run');
  const { output, err } = capture();
  const args = [
    'bench',
    '--quick',
    '--mechanism',
    'stock,keyagent-fd',
    '--scenario',
    'latency',
    '--seed',
    '7',
    '--out',
    out,
  ];
  const how = [
    '--machine',
    `ssh:${address}`,
    '--identity',
    access.identity ?? '',
    '--known-hosts',
    access.knownHosts ?? '',
  ];
  const code = await main([...args, ...how, '--yes', host, '--no-install'], output);
  assert.is(code, 0, err.join('\n'));
  const frames = readFileSync(path.join(out, 'frames.ndjson'), 'utf8');
  assert.match(frames, `"machine":"ssh:${address}","accelerator":"none"`);
  assert.match(frames, '"t":"done"');
  assert.is(await sh(state), before);
});

test('headers that the machine has are fetched with all that they refer to', async () => {
  const { kernel } = await Preparation.open({ kernel: guestKernel, locked: false, progress: () => undefined });
  const { dir, make } = await kernel.moduleTree();
  // As Debian's package has them: with the places where they are installed.
  const headers = execFileSync('tar', ['-C', dir, '-czf', '-', 'usr'], { maxBuffer: 2 ** 27 });
  const tar = await box().guest.run('tar -xzf - -C /', undefined, headers);
  assert.is(tar.code, 0, tar.stderr);
  await sh(
    `sed -i 's,^include ../,include /usr/src/,' /${make}/Makefile; ln -sfn /${make} /lib/modules/${kernel.release}/build`,
  );
  const archive = await (await SshLink.connect(box().guest.address, () => undefined)).bytes(
    headersCommand(kernel.release),
    120_000,
  );
  const listed = execFileSync('tar', ['-tzf', '-'], { input: archive, encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.match(listed, `${make}/Module.symvers\n`);
  assert.match(listed, /linux-headers-[^/]*-common\/Makefile\n/);
  assert.match(listed, /usr\/lib\/linux-kbuild-[^/]*\/scripts\/basic\/fixdep\n/);
  await sh(`rm /lib/modules/${kernel.release}/build; rm -r /usr/src`);
});

test('the runner over there refuses by itself what is done to the machine as a whole', async () => {
  const stay = await machine();
  try {
    await stay.start();
    const refused = await stay.run(
      'printf "keystorm-plan 4\\nboot 0\\nchecks k\\n mechanism stock\\n route init\\n delivery helper\\n fallback stock\\n timeout_ms 1000\\n check key-types\\nend\\nrun\\n" | /keystorm/ks-runner',
    );
    assert.is(refused.code, 2);
    assert.match(
      refused.stdout,
      /checks 'k' change settings of the machine as a whole, and this machine is not disposable/,
    );
  } finally {
    await stay.stop();
  }
});

test('without the unlock neither runner nor module start, and with that of another boot no more', async () => {
  const stay = await machine();
  try {
    await stay.start();
    const id = '00000000-1c4d-4e5f-8a6b-0123456789ab';
    for (const unlock of ['rm /run/keystorm.unlock', `echo ${id} >/run/keystorm.unlock`]) {
      await sh(unlock);
      const refused = await stay.run('/keystorm/ks-runner </dev/null');
      assert.is(refused.code, 2);
      assert.match(refused.stdout, /not disposable: .*\/run\/keystorm\.unlock does not unlock this boot/);
    }
    for (const parameter of ['', `unlock=${id}`]) {
      const loaded = await stay.run(`insmod /keystorm/keystorm.ko ${parameter}`);
      assert.is.not(loaded.code, 0);
      assert.not.match(await sh('lsmod'), /keystorm/);
    }
    assert.match(await sh('dmesg'), /keystorm: not loading: .* and it was not unlocked/);
    assert.is((await stay.run('insmod /keystorm/keystorm.ko unlock=$(cat /proc/sys/kernel/random/boot_id)')).code, 0);
  } finally {
    await stay.stop();
  }
  assert.is((await stay.wait()).failure, null);
  assert.not.match(await sh('lsmod'), /keystorm/);
});

test('a connection that breaks in the middle is a lost connection, and everything is put back all the same', async () => {
  const before = await sh(state);
  const stay = await machine();
  await stay.start();
  const channel = await stay.channel();
  const lost = new Promise<unknown>((resolve) => channel.on('error', resolve));
  channel.resume();
  const hold = [
    'cell held',
    'mechanism userns-fd',
    'route userns',
    'delivery fd-write',
    'fallback refuse',
    'timeout_ms 5000',
    'deadline_ms 5000',
    'backoff_us 0',
    'payload_bytes 256',
    'container a requesters 1 agent own agent_uid 0 requester_uid 0 setuid 0',
    'hold',
    'end',
  ];
  channel.write(`${['keystorm-plan 4', 'boot 0', ...hold, 'run'].join('\n')}\n`);
  await stay.run('for i in $(seq 600); do pgrep ks-agent && exit; sleep 0.1; done; exit 1');
  // All sessions but the one of the machine's owner, which is the oldest.
  await sh('for p in $(pgrep dropbear | tail -n +3); do kill -KILL $p; done; true').catch(() => undefined);
  assert.is(((await lost) as { kind?: string }).kind, 'lost-connection');
  await stay.stop();
  assert.is((await stay.wait()).failure, null);
  assert.is(await sh(state), before);
});

test('what a run has left that could not come back is put back by the next one', async () => {
  const before = await sh(state);
  const lost = await machine();
  await lost.start();
  // As after a loss of power: nobody is there any more to put things back.
  await sh('pkill -KILL -f keystorm[.]keeper; while pgrep -f keystorm[.]keeper; do sleep 0.1; done');
  assert.match(await sh('ls /keystorm'), /put-back/);
  const next = await machine();
  await next.start();
  await next.stop();
  assert.is((await next.wait()).failure, null);
  assert.is(await sh(state), before);
  await lost.stop();
});

test.run();
