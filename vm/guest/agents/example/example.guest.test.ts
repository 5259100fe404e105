// SPDX-License-Identifier: MIT
/** The example agents, in a container that crun starts, asked by keyutils' keyctl; and as docs/writing-an-agent.md changes them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import type { QemuMachine } from '../../../qemu/machine.ts';
import { bootAndBuildMs, guestOf, sh } from '../../runner/testing/guest.ts';
import { type Variant, variants } from './testing/variants.ts';

const test = suite('the example agents, in a container', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);
let folder: string;

const hostUid = 100_000;
const bind = (place: string, more: readonly string[] = []) => ({
  destination: place,
  type: 'bind',
  source: place,
  options: ['bind', ...more],
});

/** A container with the guest's programs and no capability at all, unless given some. */
function config(script: string, capabilities: readonly string[]): string {
  const mapping = [{ containerID: 0, hostID: hostUid, size: 65_536 }];
  const sets = { bounding: capabilities, effective: capabilities, permitted: capabilities };
  return JSON.stringify({
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: ['/usr/bin/bash', '-c', script],
      env: ['PATH=/usr/bin:/bin:/keystorm'],
      cwd: '/',
      capabilities: sets,
    },
    root: { path: 'rootfs', readonly: false },
    hostname: 'example',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64k'] },
      bind('/dev/keystorm'),
      { destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'mode=1777'] },
      ...['/usr', '/bin', '/lib', '/lib64', '/keystorm'].map((place) => bind(place, ['ro'])),
    ],
    linux: {
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount', 'user'].map((type) => ({ type })),
      uidMappings: mapping,
      gidMappings: mapping,
    },
  });
}

/** What a script says in a new container, without the name of its session keyring. */
async function contained(script: string, capabilities: readonly string[] = []): Promise<string[]> {
  const bundle = '/run/example';
  const folders = 'proc dev tmp usr bin lib lib64 keystorm'.split(' ').map((name) => `${bundle}/rootfs/${name}`);
  await sh(
    machine(),
    `mkdir -p ${folders.join(' ')}; cat >${bundle}/config.json <<'END'\n${config(script, capabilities)}\nEND`,
  );
  const said = await sh(machine(), `cd ${bundle} && crun --cgroup-manager disabled run example 2>&1 </dev/null; true`);
  return said.split('\n');
}

/** Starts an agent, waits for its word, and asks for two keys, one of which is nobody's. */
const conversation = (agent: string) => `
  ${agent} >/tmp/ready & agent=$!
  until grep -q ready /tmp/ready; do kill -0 $agent || exit 1; sleep 0.1; done
  keyctl print $(keyctl request2 user example:hello "" @s)
  keyctl request2 user other:hello "" @s
  kill -9 $agent; wait $agent 2>/dev/null
  keyctl request2 user example:again "" @s
  true`;

function isAnswered(said: readonly string[]): void {
  assert.is(said.length, 3, said.join('\n'));
  assert.match(said[0] ?? '', /^hello to you, user 0, from agent \d+$/);
  assert.is(said[1], 'request_key: Permission denied');
  // A crashed agent's requests go to nobody else.
  assert.is(said[2], 'request_key: Required key not available');
}

test.before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'keystorm-example-'));
  await sh(machine(), 'insmod /keystorm/keystorm.ko; echo refuse >/sys/module/keystorm/parameters/fallback');
});
test.after(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const mode = (name: string) => sh(machine(), `echo ${name} >/sys/module/keystorm/parameters/mode`);

for (const agent of ['ks-example-agent', 'ks-example-agent-signal'])
  test(`${agent} answers keyctl request2 inside a container, without any capability`, async () => {
    await mode('session');
    isAnswered(await contained(conversation(agent)));
  });

/** Compiles the example as a variant has it, and puts it into the guest. */
async function install(variant: Variant): Promise<string> {
  const program = path.join(folder, variant.name);
  variant.compile(program, ['-static', '-s']);
  const place = `/keystorm/example-${variant.name}`;
  const put = await (machine() as QemuMachine).run(
    `cat >${place} && chmod 755 ${place}`,
    60_000,
    readFileSync(program),
  );
  assert.is(put.code, 0, put.stderr);
  return place;
}

for (const variant of variants())
  test(`as the guide changes it for route ${variant.name}, it answers too`, async () => {
    await mode(variant.name);
    const agent = await install(variant);
    isAnswered(await contained(conversation(agent), ['CAP_SYS_ADMIN']));
    const without = await contained(`${agent} 2>&1`);
    assert.equal(without, ['ks-example-agent: cannot register for keys of type user: Operation not permitted']);
  });

test.run();
