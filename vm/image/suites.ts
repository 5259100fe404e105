// SPDX-License-Identifier: MIT
/** Packages of other Debian suites than the host's: the same mirrors, lists of their own, and Debian's newest keys. */
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import type { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { attempt } from '../host/command.ts';
import { codename, readOsRelease } from '../host/os-release.ts';
import { PrivateApt } from './apt.ts';
import { DebStore } from './debs.ts';

/** The suite of the guest's user space, and of a host that keystorm sets up by itself. */
export const baseSuite = 'bookworm';

/** Suites without updates and security archives of their own: what is new goes straight into them. */
const rolling = ['sid', 'unstable', 'experimental'];
const keyringPackage = 'debian-archive-keyring';
const hostKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** One place packages come from, as `apt-get indextargets` has it. */
export interface AptTarget {
  readonly uri: string;
  /** The suite as the source names it, e.g. 'bookworm-security'. */
  readonly release: string;
  readonly component: string;
  /** Who says that it published the archive; empty while apt has no list of it. */
  readonly origin: string;
}

/** An apt for the packages of `suite`. The host's own sources serve its own suite as they are. */
export function aptOf(cache: Cache, suite: string, progress: (line: string) => void): PrivateApt {
  const own = codename(readOsRelease()) ?? baseSuite;
  if (suite === own) return new PrivateApt(cache, suite, progress);
  return new PrivateApt(cache, suite, progress, async (dir) => {
    const { stdout } = await attempt('apt-get', ['indextargets', '--format', targetFormat]);
    return debianSources(parseTargets(stdout), suite, await keyring(cache, own, dir, progress));
  });
}

const targetFormat = '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)';

/** Reads what the format above gives. */
export function parseTargets(text: string): AptTarget[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter((words) => words.length >= 3)
    .map(([uri = '', release = '', component = '', ...origin]) => ({
      uri,
      release,
      component,
      origin: origin.join(' ').replace(/^\$\(ORIGIN\)$/, ''),
    }));
}

/**
 * apt's sources (deb822) of another suite on the mirrors that the host uses for its own.
 * @throws KeystormError (2) when the host uses none of Debian.
 */
export function debianSources(targets: readonly AptTarget[], suite: string, keyring: string): string {
  const debian = targets.filter(
    ({ uri, component, origin }) =>
      component === 'main' && (origin === 'Debian' || (origin === '' && /\/debian(-security)?\/?$/.test(uri))),
  );
  const uris = (security: boolean) => [
    ...new Set(debian.filter(({ release }) => release.endsWith('-security') === security).map(({ uri }) => uri)),
  ];
  const [archive] = uris(false);
  if (archive === undefined)
    throw new KeystormError(
      `This host's apt sources name no mirror of Debian, so nothing can be fetched from its suite ${suite}: add one (sources.list(5)), or let KEYSTORM_CACHE name a cache that was filled on another host.`,
    );
  const isRolling = rolling.includes(suite);
  const stanza = (uri: string, suites: readonly string[]) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites.join(' ')}\nComponents: main\nSigned-By: ${keyring}\n`;
  const [security] = uris(true);
  return [
    stanza(archive, isRolling ? [suite] : [suite, `${suite}-updates`]),
    ...(isRolling || security === undefined ? [] : [stanza(security, [`${suite}-security`])]),
  ].join('\n');
}

/** Debian's keys as the newest package of the host's own suite has them: those of an old installation miss newer suites. */
async function keyring(cache: Cache, own: string, dir: string, progress: (line: string) => void): Promise<string> {
  const apt = new PrivateApt(cache, own, progress);
  const newest = await apt.newest(keyringPackage);
  const files = newest && (await apt.files([{ name: keyringPackage, version: newest.version }]));
  if (files === undefined) {
    apt.demandMirror(`the package ${keyringPackage}`);
    if (existsSync(hostKeyring)) return hostKeyring;
    throw new KeystormError(`Debian's keys are missing: install ${keyringPackage}.`);
  }
  const into = path.join(dir, 'keys');
  await new DebStore(cache, apt).unpack(files, into);
  return path.join(into, hostKeyring);
}
