// SPDX-License-Identifier: MIT
/** Invented worlds of which the truth is known, for the commands that calibrate statistics on them. */
import { KeystormError } from '../../vm/failure.ts';

/**
 * Does `work` with each world whose description contains `filter`, in their order, and returns what it gave. A signal is heard between worlds.
 * @throws KeystormError (2) when there is none.
 */
export async function inWorlds<World, T>(
  worlds: Readonly<Record<string, World>>,
  filter: string,
  work: (name: string, world: World) => T,
): Promise<T[]> {
  const chosen = Object.entries(worlds).filter(([name]) => name.includes(filter));
  if (chosen.length === 0)
    throw new KeystormError(`No world's description contains '${filter}'; without --filter all are tried.`);
  const results: T[] = [];
  for (const [name, world] of chosen) {
    results.push(work(name, world));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return results;
}
