// SPDX-License-Identifier: MIT
/** The kernel modules as an earlier (or other) commit of the checkout has them, to be held against today's. */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { type Cache, checkoutDir } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { run } from '../host/command.ts';
import { type GuestSource, interfaceHash, presentSource } from './sources.ts';

/** Where they are in a checkout. */
const guestPath = 'vm/guest';

/**
 * The commit, as 40 hexadecimal digits, that git knows by this name (a branch, a tag, `HEAD~2`, a commit's beginning).
 * @throws KeystormError (2) when it knows none, or this is no checkout.
 */
export function commitOf(revision: string, checkout = checkoutDir): string {
  const asked = ['-C', checkout, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const { status, stdout, error } = spawnSync('git', asked, { encoding: 'utf8' });
  if (error !== undefined)
    throw new KeystormError(`git cannot be run (${error.message}), which finds the module's revisions: install it.`);
  const commit = stdout.trim();
  if (status === 0 && /^[0-9a-f]{40}$/.test(commit)) return commit;
  throw new KeystormError(
    `git knows no revision "${revision}" of this checkout; \`git log\` in it shows what there is.`,
  );
}

/**
 * Its `vm/guest`, out of git into the cache.
 * @throws KeystormError (2) when its modules speak another interface than the programs of the working tree, which use them in the guest.
 */
export async function sourceAt(
  commit: string,
  cache: Cache,
  progress: (line: string) => void,
  checkout = checkoutDir,
): Promise<GuestSource> {
  const { dir } = await cache.product({
    kind: 'module-source',
    inputs: { commit, format: 1 },
    progress,
    build: async (to) => {
      const archive = path.join(to, 'source.tar');
      await run('git', ['-C', checkout, 'archive', '--output', archive, commit, guestPath]);
      await run('tar', ['-xf', archive, '-C', to]);
      await rm(archive);
    },
  });
  const source = path.join(dir, guestPath);
  if (interfaceHash(source) === interfaceHash(presentSource)) return source;
  const short = commit.slice(0, 12);
  throw new KeystormError(
    `The module of ${short} has another interface (vm/guest/include) than the agents of this checkout: check ${short} out, and measure it there.`,
  );
}
