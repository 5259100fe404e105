// SPDX-License-Identifier: MIT
/** Somebody's machine as it is reached: commands as root there, and failures told by what they mean to a user. */
import { userInfo } from 'node:os';
import { within } from '../bounded.ts';
import { KeystormError } from '../failure.ts';
import { shellQuoted } from '../host/program.ts';
import type { Access, ShellResult } from '../machine.ts';
import { parseSshAddress } from '../ssh/address.ts';
import {
  acquaintance,
  fingerprint,
  type KnownHost,
  knownName,
  knownTypes,
  parseKnownHosts,
} from '../ssh/known-hosts.ts';
import { type RemoteCommand, SshLink, type SshTarget } from '../ssh/link.ts';
import { proofsOf } from '../ssh/proofs.ts';
import { type Facts, factsScript, parseFacts } from './facts.ts';
import { readIfThere } from './read-if-there.ts';

/** To connect and log in. */
const connectMs = 20_000;
/** For a look around: of a guest on a busy host, generous. */
const factsMs = 120_000;

/** Where it is, and how to get in. @throws KeystormError (2) when there is no key to offer. */
export function targetOf(text: string, access: Access, env: NodeJS.ProcessEnv = process.env): SshTarget {
  const { host, port, user = userInfo().username } = parseSshAddress(text);
  const files = access.knownHosts === undefined ? usualKnownHosts(env) : [access.knownHosts];
  const lines = files.flatMap((file) => parseKnownHosts(readIfThere(file), file));
  const name = knownName(host, port);
  return {
    ...{ host, port, user, proofs: proofsOf(access.identity, env), hostKeyTypes: knownTypes(lines, name) },
    refusal: (key) => refusalOf(lines, files, name, key),
  };
}

function usualKnownHosts({ HOME = '/' }: NodeJS.ProcessEnv): string[] {
  return [`${HOME}/.ssh/known_hosts`, `${HOME}/.ssh/known_hosts2`, '/etc/ssh/ssh_known_hosts'];
}

function refusalOf(
  lines: readonly KnownHost[],
  files: readonly string[],
  name: string,
  key: Buffer,
): string | undefined {
  const known = acquaintance(lines, name, key);
  switch (known.is) {
    case 'known':
      return undefined;
    case 'revoked':
      return `the host key that it showed was revoked (${known.place}): it is not the machine you mean`;
    case 'changed':
      return `the host key has changed: it showed ${fingerprint(key)}, and ${known.place} has another one; if it was set up anew, forget the old one with ssh-keygen -R ${shellQuoted(name)}`;
    case 'unknown':
      return `the host key ${fingerprint(key)} is in none of ${files.join(', ')}: log in once with ssh, compare it and accept it`;
  }
}

/** Connects. @throws KeystormError (3) when it cannot be reached, (2) when it or we are not who we should be. */
export async function connect(target: SshTarget): Promise<SshLink> {
  const connecting = SshLink.connect(target, () => undefined);
  try {
    return await within(connecting, connectMs, () => new Error(`no answer within ${connectMs / 1_000} s`));
  } catch (error) {
    connecting.then((late) => late.close()).catch(() => undefined);
    throw explained(target, (error as Error).message);
  }
}

function explained({ host, port, user }: SshTarget, why: string): KeystormError {
  if (why.startsWith('the host key')) return new KeystormError(`${host} was not logged in to: ${why}.`);
  if (/authentication methods failed/i.test(why))
    return new KeystormError(
      `${host} lets none of the keys in that were offered for the user ${user}: add one there to ~/.ssh/authorized_keys, or name another with --identity.`,
    );
  return new KeystormError(`${host} cannot be reached at port ${port}: ${why}.`, 3);
}

/** Looks around there. @throws KeystormError (3) when that fails. */
export async function look(link: SshLink, host: string): Promise<Facts> {
  try {
    const { stdout } = await link.run(asUser(factsScript), factsMs);
    return parseFacts(stdout);
  } catch (error) {
    throw new KeystormError(`What kind of machine ${host} is could not be found out: ${(error as Error).message}.`, 3);
  }
}

function asUser(script: string): string {
  // Whatever the login shell is.
  return `sh -c ${shellQuoted(script)}`;
}

/** Commands with root's rights over one connection. */
export class Root {
  constructor(
    readonly link: SshLink,
    readonly facts: Pick<Facts, 'uid'>,
  ) {}

  /** The command that runs a shell script as root. */
  command(script: string): string {
    return this.facts.uid === 0 ? asUser(script) : `sudo -n ${asUser(script)}`;
  }

  /** Rejects with an SshError. */
  run(script: string, timeoutMs: number, input?: Buffer): Promise<ShellResult> {
    return this.link.run(this.command(script), timeoutMs, input);
  }

  /** Rejects with an SshError. */
  start(script: string): Promise<RemoteCommand> {
    return this.link.start(this.command(script));
  }
}
