// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { isTroubleIn, storageError } from '../../results/storage-error.ts';
import { KeystormError } from '../../vm/failure.ts';
import { makeFolderSync } from '../../vm/host/folder.ts';
import { isHeldByAnother, withLock } from '../../vm/host/lock.ts';

const lockFile = '.lock';

/** Whether another harness of this host is at work on the run's folder. */
export const isAtWork = (dir: string): boolean => isHeldByAnother(join(dir, lockFile));

/**
 * Does `work` while no other harness is at work on the run's folder, which is made if need be; however this harness ends, the lock goes
 * with it.
 * @throws KeystormError: 2 when another one is at it, 3 when the lock cannot be made.
 */
export async function aloneIn<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const onWait = (holder: string): never => {
    throw new KeystormError(`${holder} is at work on ${dir}: wait for it, or end it.`);
  };
  try {
    makeFolderSync(dir);
    return await withLock(join(dir, lockFile), { waitMs: 1, onWait }, work);
  } catch (error) {
    if (!isTroubleIn(error, dir)) throw error;
    throw storageError(`Cannot begin the run in ${dir}`, error, 'nothing was recorded');
  }
}
