// SPDX-License-Identifier: MIT
/** With what we prove who we are where a user has not made us a key: their key file, their agent, or the keys that ssh itself would try. */
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import ssh2 from 'ssh2';
import { KeystormError } from '../failure.ts';
import type { SshProof } from './link.ts';

/** In ~/.ssh, in the order in which they are tried. */
const usualKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'] as const;

/**
 * The proofs to offer: `identity`, the file of a private key, alone if it is given; else the agent, and key files without a passphrase.
 * @throws KeystormError (2) for a file that holds no key that we can use, or when there is nothing at all to offer.
 */
export function proofsOf(identity: string | undefined, env: NodeJS.ProcessEnv = process.env): SshProof[] {
  if (identity !== undefined) return [{ privateKey: readKey(identity) }];
  const agent = env.SSH_AUTH_SOCK ? [{ agent: env.SSH_AUTH_SOCK }] : [];
  const files = usualKeys.map((name) => path.join(env.HOME ?? '/', '.ssh', name)).filter((file) => existsSync(file));
  const keys = files.flatMap((file): SshProof[] => {
    const key = readFileSync(file, 'utf8');
    return ssh2.utils.parseKey(key) instanceof Error ? [] : [{ privateKey: key }];
  });
  if (agent.length + keys.length > 0) return [...agent, ...keys];
  throw new KeystormError(
    `There is no key to log in with: start an ssh agent, or name the file of a private key without a passphrase with --identity.`,
  );
}

function readKey(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new KeystormError(`The key ${file} cannot be read: ${(error as Error).message}.`);
  }
  const key = ssh2.utils.parseKey(text);
  if (!(key instanceof Error)) return text;
  if (/passphrase|encrypted/i.test(key.message))
    throw new KeystormError(
      `The key ${file} has a passphrase: add it to your ssh agent with ssh-add, and leave out --identity.`,
    );
  throw new KeystormError(`${file} holds no private key that can be used (${key.message}): name one with --identity.`);
}
