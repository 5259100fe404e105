// SPDX-License-Identifier: MIT
/** The box of a guest: built of it, or somebody's that holds just it. */
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { sha256 } from '../hash.ts';
import { attempt } from '../host/command.ts';
import type { PreparedGuest } from '../image/prepare.ts';
import type { PrepareOptions } from '../machine.ts';
import { type BoxFacts, boxFactsSchema, boxFileName, boxProduct, factsName, factsOf } from './box.ts';

/** What the Vagrantfile reads, here and in `box.json` of the folder `vagrant` of the cache. */
export interface Box {
  /** Two boxes with one name hold the same. */
  readonly name: string;
  /** The box file, absolute. */
  readonly file: string;
  readonly facts: BoxFacts;
}

/** The box of this guest, built if it is not in the cache. `kernel`: how the results call the kernel. */
export async function buildBox(
  cache: Cache,
  guest: PreparedGuest,
  kernel: string,
  progress: (line: string) => void,
): Promise<Box> {
  const facts = factsOf(guest, kernel);
  const product = await boxProduct(cache, guest, facts, progress);
  return { name: `keystorm-${product.key.slice(0, 12)}`, file: path.join(product.dir, boxFileName), facts };
}

/** Which kernel a run asks for. */
export type BoxChoice = Pick<PrepareOptions, 'kernel' | 'kernelTree' | 'progress'>;

/**
 * The box for a run: the file that KEYSTORM_BOX names, if it holds just this guest; else one that is built of it.
 * @throws KeystormError (2) when that file holds something else.
 */
export async function boxOfRun(
  cache: Cache,
  guest: PreparedGuest,
  { kernel, kernelTree, progress }: BoxChoice,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Box> {
  const name = kernelTree === undefined ? kernel : guest.kernel.release;
  const file = env.KEYSTORM_BOX;
  if (file === undefined || file === '') return await buildBox(cache, guest, name, progress);
  const box = await readBox(file);
  demandSame(box, factsOf(guest, name));
  return box;
}

/** The box in a file of somebody's. KeystormError (2) when it is none of ours. */
export async function readBox(file: string): Promise<Box> {
  const { code, stdout } = await attempt('tar', ['-xOf', file, `./${factsName}`]);
  const facts = code === 0 ? boxFactsSchema.safeParse(parsedJson(stdout)) : undefined;
  if (facts?.success !== true)
    throw new KeystormError(`${file} (KEYSTORM_BOX) is no box of keystorm's: npm run box builds one.`);
  const bytes = await readFile(file);
  return { name: `keystorm-${sha256(bytes).slice(0, 12)}`, file: path.resolve(file), facts: facts.data };
}

/** @throws KeystormError (2) that names the first difference. */
export function demandSame({ file, facts }: Box, wanted: BoxFacts): void {
  const names = ['kernelRelease', 'kernelHash', 'imageHash'] as const;
  const differs = names.find((name) => facts[name] !== wanted[name]);
  if (differs === undefined) return;
  throw new KeystormError(
    `The box ${file} (KEYSTORM_BOX) has another ${differs} (${facts[differs].slice(0, 20)}) than this run's (${wanted[differs].slice(0, 20)}): build one with npm run box -- --kernel ${wanted.kernel}, or leave KEYSTORM_BOX unset.`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
