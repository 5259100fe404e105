// SPDX-License-Identifier: MIT
/**
 * Products of which many are made go again, the least lately used first. When one was used is the time of its folder. Who uses one
 * marks it before looking at it and sees afterwards whether it is still there; who prunes moves it away, and puts it back if it was
 * marked meanwhile. So whoever may mark loses none that was found.
 */
import { utimesSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { isProductOf, unfinishedName } from './product-names.ts';

/** A product that was used so lately may be in use: many harnesses work for hours, and each boot marks the image again. */
export const usualInUseMs = 24 * 3_600_000;

/** Which products of a kind stay. */
export interface Keeping {
  /** How many that were made or used last. */
  readonly count: number;
  /** Besides: all that were made or used within so many ms. Absent: a day. */
  readonly inUseMs?: number | undefined;
  /** Besides: those with these names, asked when it is decided. */
  readonly spared?: (() => readonly string[]) | undefined;
}

/**
 * From now on the product in `dir` counts as used lately. Only its owner, and root, may say so: where another user's products are used nothing
 * keeps the owner from removing them a day after the owner's own last use.
 */
export function markUsed(dir: string): void {
  const now = new Date();
  try {
    utimesSync(dir, now, now);
  } catch {
    // It is another user's, on a file system that is only read, or gone.
  }
}

/**
 * Removes those products of a kind in the folder `parent` that are not to be kept. Under the lock of the kind: who finds one gone for a moment
 * waits for it. Whoever is about to use one that goes makes it again. Never rejects: what cannot go stays.
 */
export async function prune(parent: string, kind: string, keeping: Keeping): Promise<void> {
  const { count, inUseMs = usualInUseMs, spared = () => [] } = keeping;
  const names = (await readdir(parent).catch(() => [])).filter((name) => isProductOf(kind, name));
  const dated = await Promise.all(names.map(async (name) => ({ name, usedAt: await usedAt(path.join(parent, name)) })));
  const older = dated.sort((a, b) => (b.usedAt ?? 0) - (a.usedAt ?? 0)).slice(count);
  if (older.length === 0) return;
  const keep = new Set(spared());
  for (const { name, usedAt: at } of older) {
    if (at === undefined || keep.has(name) || Date.now() - at < inUseMs) continue;
    await removeUnlessUsed(parent, name, kind, at).catch(() => undefined);
  }
}

/** Those before it took their time: was it used since it was looked at? */
async function removeUnlessUsed(parent: string, name: string, kind: string, at: number): Promise<void> {
  const dir = path.join(parent, name);
  if ((await usedAt(dir)) !== at) return;
  const away = path.join(parent, unfinishedName(kind));
  await rename(dir, away);
  // A mark that came before the move is seen now, and none comes after it.
  if ((await usedAt(away)) === at) await rm(away, { recursive: true, force: true });
  else await rename(away, dir);
}

/** In ms since the epoch; undefined for one that is gone. */
async function usedAt(dir: string): Promise<number | undefined> {
  return await stat(dir).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
