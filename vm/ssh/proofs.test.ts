// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import ssh2 from 'ssh2';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { temporaryFolder } from '../../results/testing/folders.ts';
import { KeystormError } from '../failure.ts';
import { makeBootKeys } from '../qemu/keys.ts';
import { proofsOf } from './proofs.ts';

const test = suite('what a machine is logged in to with');

const sentence = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.instance(error, KeystormError);
    return (error as Error).message;
  }
  assert.unreachable();
  return '';
};

function homeWith(files: Readonly<Record<string, string>>): string {
  const home = temporaryFolder();
  mkdirSync(path.join(home, '.ssh'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(home, '.ssh', name), text);
  return home;
}

test('a key that is named is offered alone; else the agent, then keys without a passphrase', () => {
  const { clientKey } = makeBootKeys();
  const locked = ssh2.utils.generateKeyPairSync('ed25519', {
    passphrase: 'secret',
    cipher: 'aes256-ctr',
    rounds: 1,
  }).private;
  const home = homeWith({ id_ed25519: clientKey, id_ecdsa: locked, id_rsa: 'no key' });
  const env = { HOME: home, SSH_AUTH_SOCK: '/run/agent' };
  assert.equal(proofsOf(path.join(home, '.ssh', 'id_ed25519'), env), [{ privateKey: clientKey }]);
  assert.equal(proofsOf(undefined, env), [{ agent: '/run/agent' }, { privateKey: clientKey }]);
  assert.match(
    sentence(() => proofsOf(path.join(home, '.ssh', 'id_ecdsa'), env)),
    /has a passphrase: add it to your ssh agent/,
  );
  assert.match(
    sentence(() => proofsOf(path.join(home, '.ssh', 'id_rsa'), env)),
    /holds no private key that can be used/,
  );
  assert.match(
    sentence(() => proofsOf(path.join(home, 'nothing'), env)),
    /cannot be read/,
  );
});

test('who has nothing to offer is told what to do', () => {
  assert.match(
    sentence(() => proofsOf(undefined, { HOME: temporaryFolder() })),
    /start an ssh agent, or name .* --identity/,
  );
});

test.run();
