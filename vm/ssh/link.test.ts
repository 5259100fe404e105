// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import ssh2 from 'ssh2';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { makeBootKeys } from '../qemu/keys.ts';
import { onlyHostKey, SshError, SshLink } from './link.ts';

const test = suite('the connection to a machine');

/** An sshd that refuses the first commands of a connection and says `done` to all others. */
async function withSshd(
  refusals: number,
  work: (link: SshLink, asked: () => number) => Promise<void>,
  throughTo?: (port: number) => Duplex,
): Promise<void> {
  let asked = 0;
  const host = ssh2.utils.generateKeyPairSync('ed25519');
  const key = ssh2.utils.parseKey(host.private);
  if (key instanceof Error || Array.isArray(key)) throw new Error('no key of a host');
  const server = new ssh2.Server({ hostKeys: [host.private] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (attempt) => attempt.accept());
    client.on('session', (accept) => {
      accept().on('exec', (run, refuse) => {
        if (++asked <= refusals) return refuse();
        const channel = run();
        channel.write('done');
        channel.exit(0);
        channel.end();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { clientKey } = makeBootKeys();
  const refusal = onlyHostKey(key.getPublicSSH(), 'the host key is another one');
  const proofs = [{ privateKey: clientKey }];
  const through = throughTo === undefined ? {} : { through: throughTo(port) };
  const target = { host: '127.0.0.1', port, ...through, user: 'root', proofs, refusal };
  const link = await SshLink.connect(target, () => undefined);
  try {
    await work(link, () => asked);
  } finally {
    link.close();
    server.close();
  }
}

test('a command that is refused is asked for again, and runs once', () =>
  withSshd(2, async (link, asked) => {
    assert.equal(await link.run('true', 10_000), { code: 0, stdout: 'done', stderr: '' });
    assert.is(asked(), 3);
  }));

test('one that is refused for good is told', () =>
  withSshd(1_000, async (link, asked) => {
    const error = await link.run('true', 10_000).then(
      () => assert.unreachable(),
      (why: unknown) => why,
    );
    assert.instance(error, SshError);
    assert.is(asked(), 4);
  }));

test('a machine to which there is no way but a program is reached through it', () => {
  const relay = fileURLToPath(new URL('../vagrant/relay.mjs', import.meta.url));
  const through = (port: number) => {
    const child = spawn(process.execPath, [relay, '127.0.0.1', String(port)], { stdio: ['pipe', 'pipe', 'ignore'] });
    return Duplex.from({ writable: child.stdin, readable: child.stdout });
  };
  return withSshd(
    0,
    async (link) => {
      assert.is((await link.run('true', 10_000)).stdout, 'done');
    },
    through,
  );
});

test.run();
