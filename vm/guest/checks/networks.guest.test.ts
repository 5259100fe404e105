// SPDX-License-Identifier: MIT
/** The checks about networks: what they say of today's kernel and of agents, and that each can say the opposite. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { guestKernel } from '../../../bench/testing/guest-kernel.ts';
import { suite } from '../../../bench/testing/suite.ts';
import { run } from '../../host/command.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import type { QemuMachine } from '../../qemu/machine.ts';
import { QemuProvider } from '../../qemu/provider.ts';
import { bootAndBuildMs } from '../runner/testing/guest.ts';
import { compileModules } from './testing/module.ts';

const finding = fileURLToPath(new URL('../../../docs/findings/dns-cache-bleed', import.meta.url));
/** Three networks to bring up and six questions, under emulation. */
const checkMs = 120_000;

const test = suite('checks about networks, in a guest', { timeoutMs: bootAndBuildMs });
let folder: string;
let machine: QemuMachine | undefined;

/** Runs a command in the guest; its output and status. */
async function command(text: string, input?: Buffer): Promise<{ out: string; code: number | undefined }> {
  assert.ok(machine, 'the guest did not start');
  const { stdout, stderr, code } = await machine.run(text, checkMs, input);
  return { out: stdout + stderr, code };
}

async function bring(name: string, content: Buffer): Promise<void> {
  const { out, code } = await command(`mkdir -p ${path.dirname(name)} && cat >${name} && chmod 755 ${name}`, content);
  assert.is(code, 0, out);
}

/** Runs a check; gives what it says of a property, outcome and evidence, and which properties it speaks of. */
async function check(name: string, route: string, delivery: string) {
  const fallback = delivery === 'helper' ? 'stock' : 'refuse';
  const setting = delivery === 'helper' ? 'off' : route;
  const parameters = '/sys/module/keystorm/parameters';
  const { out } = await command(
    `echo ${setting} >${parameters}/mode; echo ${fallback} >${parameters}/fallback
     /keystorm/ks-check ${name} --route ${route} --delivery ${delivery} --fallback ${fallback} --timeout-ms 10000`,
  );
  const lines = out.split('\n').map((line) => /^property (\S+) (.*)$/.exec(line));
  const said = new Map(lines.flatMap((found) => (found ? [[found[1] ?? '', found[2] ?? ''] as const] : [])));
  assert.ok(said.size > 0, `the check ${name} said: ${out}`);
  return {
    properties: [...said.keys()],
    of: (property: string) => said.get(property) ?? `nothing of ${property}`,
  };
}

/** Covers a program with a script while `body` runs; in it, $0.real is the program. */
async function sabotaged(program: string, script: string, body: () => Promise<void>): Promise<void> {
  const { out, code } = await command(
    `cp ${program} ${program}.real && printf '%s\\n' '#!/bin/bash' '${script}' >${program}`,
  );
  assert.is(code, 0, out);
  try {
    await body();
  } finally {
    await command(`mv ${program}.real ${program}`);
  }
}

test.before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keystorm-networks-'));
  const provider = new QemuProvider();
  await provider.prepare({ kernel: guestKernel, locked: false, noInstall: true, progress: () => {} });
  machine = provider.create({ dir: folder, smp: 1, memoryMiB: 512 });
  await machine.start();
  await machine.ready();
  assert.equal(await command('insmod /keystorm/keystorm.ko'), { out: '', code: 0 });
});

test.after(async () => {
  await machine?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("today's kernel resolves every network's names by the host's server", async () => {
  const said = await check('wrong-nic-own', 'init', 'helper');
  for (const property of ['right-nic-own', 'right-nic-own-in-kernel']) {
    const what = said.of(property);
    assert.match(what, /^violated host: 192\.0\.2\.1 \(own\); a: 192\.0\.2\.1 \(WRONG: host's\)/, what);
    assert.match(said.of(property), "so also by the servers' logs");
  }
  assert.match(said.of('answered-own'), /^held /);
});

test('a helper that enters the requester gets every answer right, inside an ancestor too', async () => {
  const script = 'exec /keystorm/ks-answer-nsenter "$@"';
  await sabotaged('/sbin/request-key', script, async () => {
    const said = await check('wrong-nic-ancestor', 'nsenter', 'helper');
    for (const property of said.properties) assert.match(said.of(property), /^held /, property);
  });
});

for (const delivery of ['fd-write', 'signal']) {
  test(`an agent on the user namespace answers for networks that are not its own, but not the kernel (${delivery})`, async () => {
    const said = await check('wrong-nic-two-nets', 'userns', delivery);
    assert.match(said.of('right-nic-two-nets'), /^violated .*second: 192\.0\.2\.2 \(WRONG: first's\)/);
    assert.match(
      said.of('right-nic-two-nets-in-kernel'),
      /^held .*first: refused \(ENOKEY\); second: refused \(ENOKEY\)/,
    );
    assert.match(said.of('answered-two-nets-in-kernel'), /^violated /);
  });

  test(`an agent that the host's root registers for a network answers the kernel there too (${delivery})`, async () => {
    const said = await check('wrong-nic-managed', 'intercept', delivery);
    for (const property of said.properties)
      assert.match(said.of(property), /^held .*a: 192\.0\.2\.2 \(own\); b: 192\.0\.2\.3 \(own\)/, property);
  });
}

test('a filter that names a network answers for it and refuses others', async () => {
  const said = await check('wrong-nic-ancestor', 'intercept', 'fd-write');
  assert.match(
    said.of('right-nic-ancestor'),
    /^held .*parent: 192\.0\.2\.2 \(own\); a: refused \(ENOKEY\); b: refused/,
  );
  assert.match(said.of('answered-ancestor'), /^violated /);
});

test("an answer of another network is noticed whoever gave it, and so is what the servers' logs have against it", async () => {
  // The server of b gives the answer of a's.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's
  await sabotaged('/usr/sbin/dnsmasq', 'exec "$0.real" "${@/192.0.2.3/192.0.2.2}"', async () => {
    const said = await check('wrong-nic-own', 'intercept', 'fd-write');
    assert.match(
      said.of('right-nic-own'),
      /^violated .*a: 192\.0\.2\.2 \(own\); b: 192\.0\.2\.2 \(WRONG: a's\), but a's server logged no query, but b's server logged a query/,
    );
  });
});

test('where not even the host is answered, nothing is held', async () => {
  await sabotaged('/sbin/key.dns_resolver', 'exit 1', async () => {
    const said = await check('wrong-nic-two-nets', 'intercept', 'signal');
    assert.match(said.of('right-nic-two-nets'), /^unknown even the host did not get its own answer/);
    assert.match(said.of('answered-two-nets-in-kernel'), /^unknown /);
  });
});

test('dns_resolver keys are found across networks, also by the stand-alone reproduction; with the suggested fix they are not', async () => {
  await withTemporaryFolder('bleed', async (dir) => {
    const program = path.join(dir, 'bleed');
    await run('gcc', ['-static', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program, path.join(finding, 'bleed.c')]);
    await bring('/tmp/finding/bleed', await readFile(program));
  });
  await bring('/tmp/finding/reproduce.sh', await readFile(path.join(finding, 'reproduce.sh')));
  for (const [name, content] of await compileModules(finding)) await bring(`/tmp/finding/${name}`, content);
  const reproduce = '/tmp/finding/reproduce.sh';

  const today = await command(`echo off >/sys/module/keystorm/parameters/mode; ${reproduce}`);
  assert.is(today.code, 1, today.out);
  assert.match(today.out, /^ {2}dns_query\(\): net:\[\d+\] -- WRONG: asked in net:/m);
  assert.match(today.out, /^ {2}key \d+: net:\[\d+\] -- WRONG: asked in net:/m);
  let said = await check('dns-cache-bleed', 'intercept', 'fd-write');
  assert.match(
    said.of('dns-cache-separate'),
    /^violated 192\.0\.2\.2, resolved for the first network, .*the same key, 0 queries/,
  );
  assert.match(
    said.of('dns-cache-separate-in-kernel'),
    /^violated 192\.0\.2\.1, resolved for the host network, .*0 queries to any server/,
  );

  assert.equal(await command('insmod /tmp/finding/fix_hook.ko'), { out: '', code: 0 });
  said = await check('dns-cache-bleed', 'intercept', 'fd-write');
  assert.match(said.of('dns-cache-separate'), /^held .*first network got 192\.0\.2\.2, the second was refused/);
  assert.match(
    said.of('dns-cache-separate-in-kernel'),
    /^held .*host network got 192\.0\.2\.1, the second was refused/,
  );
  const fixed = await command(`echo off >/sys/module/keystorm/parameters/mode; ${reproduce}`);
  assert.is(fixed.code, 0, fixed.out);
  assert.equal(await command('rmmod fix_hook'), { out: '', code: 0 });
});

test('a check that cannot go on says why, and nothing of it stays: neither a process nor a module in use', async () => {
  const occupier = 'dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1';
  const { out } = await command(
    `${occupier} --user=root --pid-file=/run/occupier
     /keystorm/ks-check wrong-nic-own --route init --delivery helper --fallback stock --timeout-ms 10000
     kill "$(cat /run/occupier)"`,
  );
  assert.match(out, 'the name server of host does not start');
  assert.match(out, 'Address already in use');
  assert.not.match(out, 'property');
});

test('the probe unloads, and the kernel has nothing to say', async () => {
  assert.equal(await command('rmmod keystorm_probe'), { out: '', code: 0 });
  const { out } = await command('dmesg');
  assert.not.match(out, /WARNING:|BUG:|Oops|Call Trace|blocked for more than|possible recursive locking/);
});

test.run();
