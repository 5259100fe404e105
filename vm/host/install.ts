// SPDX-License-Identifier: MIT
/** Installs what this host lacks, if it may; otherwise says the one command that does. */
import { KeystormError } from '../failure.ts';
import { attempt, type CommandResult } from './command.ts';
import { isDebian12, osName, readOsRelease } from './os-release.ts';
import { type HostNeed, missingNeeds, packagesFor } from './packages.ts';

/** What decides whether packages may be installed here. */
export interface HostFacts {
  readonly isRoot: boolean;
  /** --no-install, or KEYSTORM_NO_INSTALL set to anything but the empty string or 0. */
  readonly noInstall: boolean;
  /** Contents of /etc/os-release; empty when there is none. */
  readonly osRelease: string;
}

/** Never takes away or replaces what the host has; brings the named packages and what they cannot run without. */
const installArguments = ['--no-upgrade', '--no-remove', '--no-install-recommends'];
/** How long to wait for another apt on this host, in seconds. */
const aptLockSeconds = 300;
const installBoundMs = 1_200_000;

/** The command a person types. */
export function installCommand(packages: readonly string[]): string {
  return `apt-get update && apt-get install ${[...installArguments, ...packages].join(' ')}`;
}

/** The packages to install now (none: nothing is missing). KeystormError (exit 2) when they are missing and may not be. */
export function decide(missing: readonly HostNeed[], facts: HostFacts): string[] {
  if (missing.length === 0) return [];
  const packages = packagesFor(missing);
  const what = missing.map((need) => need.needs).join(', ');
  if (!isDebian12(facts.osRelease))
    throw new KeystormError(
      `This host lacks ${what}, and it is ${osName(facts.osRelease)}, not Debian 12: install what Debian 12 has in ${packages.join(' ')} by hand, or use a Debian 12 machine.`,
    );
  if (missing.some((need) => need.needs === 'apt-get'))
    throw new KeystormError(`This host has no apt-get, so nothing can be installed; it lacks ${what}.`);
  if (facts.isRoot && !facts.noInstall) return packages;
  const reason = facts.noInstall ? 'installing was forbidden' : 'only root may install';
  const who = facts.isRoot ? 'Type' : 'As root, type';
  throw new KeystormError(`This host lacks ${what}, and ${reason}. ${who}: ${installCommand(packages)}`);
}

/** What tests put in its place. */
interface EnsuringParts {
  readonly missing?: () => HostNeed[];
  readonly ensure?: typeof ensureHostPackages;
}

/**
 * Sees to it that guests can run, at once; and that what they are made of can be made, as soon as `beforeMaking` is called: who finds
 * all of it in the cache has no use for a compiler, and may have none. All at once where anything is to be installed anyway.
 */
export async function ensureRunning(
  noInstall: boolean,
  progress: (line: string) => void,
  { missing = missingNeeds, ensure = ensureHostPackages }: EnsuringParts = {},
): Promise<{ readonly beforeMaking: () => Promise<void> }> {
  if (missing().some((need) => need.of === 'running')) await ensure(noInstall, progress);
  let ensured: Promise<void> | undefined;
  return {
    beforeMaking: () => {
      ensured ??= ensure(noInstall, progress);
      return ensured;
    },
  };
}

/** Sees to it that everything in the table of host needs is there. */
export async function ensureHostPackages(noInstall: boolean, progress: (line: string) => void): Promise<void> {
  const forbidden = process.env.KEYSTORM_NO_INSTALL ?? '';
  const packages = decide(missingNeeds(), {
    isRoot: process.getuid?.() === 0,
    noInstall: noInstall || (forbidden !== '' && forbidden !== '0'),
    osRelease: readOsRelease(),
  });
  if (packages.length === 0) return;
  progress(`Installing Debian packages on this host: ${packages.join(' ')}`);
  let result = await apt(['install', '--yes', ...installArguments, ...packages]);
  if (result.code !== 0) {
    progress('That failed; fetching the package lists, which may be missing or outdated.');
    await apt(['update']);
    result = await apt(['install', '--yes', ...installArguments, ...packages]);
  }
  if (result.code !== 0)
    throw new KeystormError(`Installing failed: ${lastLine(result.stderr)} Type: ${installCommand(packages)}`);
  const still = missingNeeds();
  if (still.length > 0)
    throw new KeystormError(
      `The packages ${packagesFor(still).join(' ')} were installed, yet ${still.map((n) => n.needs).join(', ')} is missing.`,
    );
}

function apt(args: readonly string[]): Promise<CommandResult> {
  return attempt('apt-get', ['-o', `DPkg::Lock::Timeout=${aptLockSeconds}`, ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: installBoundMs,
    // A package that is half configured is worse than a process too many.
    outlivesUs: true,
  });
}

function lastLine(text: string): string {
  const errors = text.split('\n').filter((line) => line.startsWith('E:'));
  return errors[0] ?? text.trim().split('\n').at(-1) ?? '';
}
