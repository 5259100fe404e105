// SPDX-License-Identifier: MIT
/**
 * For those who maintain the lock: takes the newest kernel of a series from the mirror into vm/image/kernels.lock.json.
 * node --import tsx vm/image/update-lock.ts 6.12 [SUITE]
 * The suite is needed only for a series that is not in the lock yet.
 */
import { writeFileSync } from 'node:fs';
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { newestOfSeries } from './kernel.ts';
import { type KernelLock, type LockedKernel, lockFile, parseLock, readLock } from './lock.ts';
import { aptOf } from './suites.ts';

const standardMeta = 'linux-image-cloud-amd64';

async function newest(name: string, lock: KernelLock, suite: string | undefined): Promise<LockedKernel> {
  const known = lock.kernels.find((kernel) => kernel.name === name);
  const from = suite ?? known?.suite;
  if (from === undefined) throw new KeystormError(`The lock has no ${name} yet: name the suite it comes from as well.`);
  const apt = aptOf(Cache.standard(), from, (line) => console.error(line));
  await apt.update(true);
  const series = { name, suite: from, meta: known?.meta ?? standardMeta };
  const { release, version, compiler, image, headers } = await newestOfSeries(series, apt);
  const packages = [
    ...image.map((file) => ({ role: 'image' as const, ...file })),
    ...headers.map((file) => ({ role: 'headers' as const, ...file })),
  ];
  return { ...series, release, version, compiler, packages };
}

const [name, suite] = process.argv.slice(2);
try {
  if (name === undefined || name.startsWith('-'))
    throw new KeystormError(
      'Usage: node --import tsx vm/image/update-lock.ts SERIES [SUITE], e.g. 6.12; the suite only for a series that the lock does not have yet.',
    );
  const lock = readLock();
  const entry = await newest(name, lock, suite);
  const isNew = lock.kernels.every((kernel) => kernel.name !== name);
  const kernels = [...lock.kernels.map((kernel) => (kernel.name === name ? entry : kernel)), ...(isNew ? [entry] : [])];
  const text = `${JSON.stringify({ ...lock, kernels }, null, 2)}\n`;
  parseLock(text, lockFile);
  writeFileSync(lockFile, text);
  console.error(`${name} is now ${entry.version} (${entry.release}), compiled with ${entry.compiler}.`);
} catch (error) {
  if (!(error instanceof KeystormError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
