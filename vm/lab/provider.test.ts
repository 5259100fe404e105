// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { temporaryFolder } from '../../results/testing/folders.ts';
import { KeystormError } from '../failure.ts';
import type { Access, PrepareOptions } from '../machine.ts';
import { makeBootKeys } from '../qemu/keys.ts';
import { Sshd, say } from '../ssh/testing/sshd.ts';
import { LabProvider } from './provider.ts';
import { factsText } from './testing/facts.ts';

const test = suite("a run on somebody's machine is refused in time");

interface Refusal {
  readonly error: KeystormError;
  readonly lines: readonly string[];
  /** Commands that were executed over there. */
  readonly commands: readonly string[];
}

interface Circumstances {
  readonly facts?: string;
  readonly lets?: boolean;
  /** Text of the file of known hosts, given the right one. */
  readonly known?: (right: string) => string;
  readonly access?: Access;
  readonly options?: Partial<PrepareOptions>;
}

async function refusal({ facts = factsText(), lets = true, known, access, options }: Circumstances): Promise<Refusal> {
  const commands: string[] = [];
  const sshd = await Sshd.start({
    lets,
    onCommand: (command, accept) => {
      commands.push(command);
      say(accept(), facts);
    },
  });
  const dir = temporaryFolder();
  const [identity, knownHosts] = [path.join(dir, 'id'), path.join(dir, 'known_hosts')];
  writeFileSync(identity, sshd.clientKey);
  writeFileSync(knownHosts, (known ?? String)(sshd.knownHost));
  const provider = new LabProvider(`root@127.0.0.1:${sshd.port}`);
  const lines: string[] = [];
  try {
    await provider.prepare({
      ...{ kernel: '', locked: false, noInstall: true, progress: (line) => lines.push(line) },
      access: { identity, knownHosts, ...access },
      ...options,
    });
  } catch (error) {
    assert.instance(error, KeystormError, String(error));
    return { error: error as KeystormError, lines, commands };
  } finally {
    sshd.close();
  }
  throw new Error('It was not refused.');
}

test('without --yes: what would be done is listed, and nothing is', async () => {
  const { error, lines, commands } = await refusal({});
  assert.is(error.exitCode, 2);
  assert.match(
    error.message,
    "127.0.0.1 is somebody's machine, and was not changed: to allow what is listed above, say --yes 127.0.0.1.",
  );
  assert.match(lines.join('\n'), /It would change on 127\.0\.0\.1[\s\S]*It cannot put back/);
  assert.is(commands.length, 1);
});

test('with the name of another machine: not even looked at', async () => {
  const { error, commands } = await refusal({ access: { consent: 'lab2' } });
  assert.is(error.exitCode, 2);
  assert.match(error.message, /--yes names "lab2", but the machine is 127\.0\.0\.1/);
  assert.equal(commands, []);
});

test('a host key that has changed, or that nobody knows', async () => {
  const other = makeBootKeys().hostPublic.toString('base64');
  const changed = await refusal({ known: (right) => right.replace(/ \S+\n$/, ` ${other}\n`) });
  assert.is(changed.error.exitCode, 2);
  assert.match(
    changed.error.message,
    /was not logged in to: the host key has changed: .*known_hosts:1 .*ssh-keygen -R/,
  );
  assert.equal(changed.commands, []);
  const unknown = await refusal({ known: () => '' });
  assert.match(unknown.error.message, /the host key SHA256:\S+ is in none of .*known_hosts: log in once with ssh/);
  assert.equal(unknown.commands, []);
});

test('a machine that does not let us in, or is not there', async () => {
  const kept = await refusal({ lets: false });
  assert.is(kept.error.exitCode, 2);
  assert.match(kept.error.message, /lets none of the keys in that were offered for the user root/);
  const { clientKey } = makeBootKeys();
  const identity = path.join(temporaryFolder(), 'id');
  writeFileSync(identity, clientKey);
  const sshd = await Sshd.start({ onCommand: () => undefined });
  const { port } = sshd;
  sshd.close();
  const options = { kernel: '', locked: false, noInstall: true, progress: () => undefined, access: { identity } };
  const error = await new LabProvider(`127.0.0.1:${port}`).prepare(options).catch((why: unknown) => why);
  assert.instance(error, KeystormError);
  assert.is((error as KeystormError).exitCode, 3);
  assert.match((error as Error).message, /127\.0\.0\.1 cannot be reached at port \d+: .*ECONNREFUSED/);
});

test("without root's rights, and where what was said makes no sense", async () => {
  const { error } = await refusal({ facts: factsText({ uid: '1000', sudo: 'no' }) });
  assert.match(error.message, /root's rights are needed/);
  const mute = await refusal({ facts: 'Welcome to lab1!\n' });
  assert.is(mute.error.exitCode, 3);
  assert.match(mute.error.message, /could not be found out: "uid" is missing/);
});

test('what such a machine does not have', async () => {
  const accelerated = await refusal({ options: { accelerator: 'kvm' } });
  assert.match(accelerated.error.message, /has no accelerator: leave out --accelerator kvm/);
  const tree = await refusal({ options: { kernelTree: '/tmp' } });
  assert.match(tree.error.message, /a kernel of its own: leave out --kernel-tree/);
  assert.equal([...accelerated.commands, ...tree.commands], []);
});

test.run();
