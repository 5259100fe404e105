// SPDX-License-Identifier: MIT
/** Which source the debug kernel is built from. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { KeystormError } from '../../failure.ts';
import type { PackageFile, PrivateApt } from '../apt.ts';
import { parseJsonFile } from '../json-file.ts';

const schema = z.strictObject({
  schema: z.literal('keystorm/kernel-source/1'),
  /** The Debian suite it comes from, and whose compiler builds it. */
  suite: z.string(),
  /** What its Makefile calls itself: the beginning of uname -r. */
  kernel: z.string().regex(/^\d+\.\d+\.\d+$/),
  package: z.strictObject({
    name: z.string().regex(/^linux-source-\d+\.\d+$/),
    version: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

export type SourceLock = z.infer<typeof schema>;

export const sourceLockFile = fileURLToPath(new URL('./source.lock.json', import.meta.url));

/** Reads its text. KeystormError (exit 2) names the place that is wrong. */
export function parseSourceLock(text: string, where: string): SourceLock {
  return parseJsonFile(schema, text, where);
}

/** What is committed. */
export function readSourceLock(): SourceLock {
  return parseSourceLock(readFileSync(sourceLockFile, 'utf8'), sourceLockFile);
}

/** The source to build from, after it is known whether the locked one still exists. */
export interface ResolvedSource {
  readonly lock: SourceLock;
  /** What to say loudly; empty when the lock was followed. */
  readonly notes: readonly string[];
}

/** Where packages come from: what resolving needs of a DebStore. */
export interface PackageSource {
  readonly apt: Pick<PrivateApt, 'files' | 'newest' | 'update' | 'demandMirror'>;
  has(file: PackageFile): Promise<boolean>;
}

/**
 * The locked source if it is in the cache or on the mirror, else the newest of the same package. With `locked`, KeystormError
 * (exit 2) instead of the newest.
 */
export async function resolveSource(lock: SourceLock, locked: boolean, debs: PackageSource): Promise<ResolvedSource> {
  const { name, version } = lock.package;
  if ((await debs.has(lock.package)) || (await debs.apt.files([lock.package])) !== undefined)
    return { lock, notes: [] };
  await debs.apt.update(true);
  if ((await debs.apt.files([lock.package])) !== undefined) return { lock, notes: [] };
  const newest = await debs.apt.newest(name);
  const kernel = /^\d+\.\d+\.\d+/.exec(newest?.version ?? '')?.[0];
  if (newest === undefined || kernel === undefined) {
    debs.apt.demandMirror(`the kernel source ${name} (${version})`);
    throw new KeystormError(`The kernel source ${name} (${version}) is not on the mirror, nor any other version.`, 3);
  }
  if (locked)
    throw new KeystormError(
      `The locked kernel source ${name} (${version}) is no longer on the mirror; drop --locked to build the newest, or update vm/image/debug/source.lock.json.`,
    );
  const [file] = (await debs.apt.files([{ name, version: newest.version }])) ?? [];
  if (file === undefined)
    throw new KeystormError(`The mirror's lists have no checksum of ${name} ${newest.version}.`, 3);
  const note = `The locked kernel source ${name} (${version}) is gone from the mirror: building ${newest.version} instead.`;
  return { lock: { ...lock, kernel, package: file }, notes: [note] };
}
