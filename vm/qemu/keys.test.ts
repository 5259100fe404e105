// SPDX-License-Identifier: MIT
import ssh2 from 'ssh2';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { makeBootKeys } from './keys.ts';

const test = suite('keys of a boot');
const text = (bytes: Buffer, at: number) => bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));

test('the client key is one ssh2 can sign with, and the guest lets its public half in', () => {
  // More than one: a format that is wrong for some keys only would show.
  for (let i = 0; i < 20; i++) {
    const keys = makeBootKeys();
    const parsed = ssh2.utils.parseKey(keys.clientKey);
    if (parsed instanceof Error) throw parsed;
    assert.is(parsed.type, 'ssh-ed25519');
    assert.ok(parsed.isPrivateKey());
    const message = Buffer.from('to be signed');
    assert.is(parsed.verify(message, parsed.sign(message)), true);
    const authorised = keys.entries.find((entry) => entry.path.endsWith('authorized_keys'));
    assert.match(authorised?.data.toString() ?? '', ` ssh-ed25519 ${parsed.getPublicSSH().toString('base64')}\n`);
  }
});

test('the host key handed over holds the public half the client expects', () => {
  const keys = makeBootKeys();
  const stored = keys.entries.find((entry) => entry.path === 'etc/dropbear/host_key')?.data ?? Buffer.alloc(0);
  const type = text(stored, 0);
  const pair = text(stored, 4 + type.length);
  assert.is(type.toString(), 'ssh-ed25519');
  assert.is(pair.length, 64);
  assert.equal(pair.subarray(32), keys.hostPublic.subarray(-32));
});

test('two boots share no key, and only root of the guest may read its own', () => {
  const [a, b] = [makeBootKeys(), makeBootKeys()];
  assert.is.not(a.clientKey, b.clientKey);
  assert.not.equal(a.hostPublic, b.hostPublic);
  for (const entry of a.entries) assert.is(entry.mode & 0o077, 0, entry.path);
});

test.run();
