// SPDX-License-Identifier: MIT
/**
 * Build products, found again by the hash of what they were made from. A product is a folder; it is built under a temporary
 * name, under a lock, and renamed into place, so harnesses may share a cache: whoever comes second waits and finds the first
 * one's product. Each carries the checksums of its files, and one that no longer matches them is rebuilt, never used. A cache
 * that holds everything is only read.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { KeystormError } from './failure.ts';
import { hashJson, type Json } from './hash.ts';
import { makeFolder } from './host/folder.ts';
import { withLock } from './host/lock.ts';
import { entrust } from './host/reaper/entrust.ts';
import { withFolder } from './host/temporary.ts';
import { isUnfinishedOf, productName, unfinishedName, unfinishedPrefix } from './product-names.ts';
import { type Checksums, recordProduct, verifyProduct } from './product-record.ts';
import { type Keeping, markUsed, prune } from './pruning.ts';

/** The checkout this file lies in. */
export const checkoutDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export interface Product {
  /** Where its files are. */
  readonly dir: string;
  /** sha256 of its inputs, hexadecimal. */
  readonly key: string;
  /** sha256 of each of its files by relative path. */
  readonly files: Checksums;
  /** sha256 of all its files: what another product depends on. */
  readonly digest: string;
}

export interface ProductRecipe {
  /** What it is, e.g. 'module': part of the folder's name. */
  readonly kind: string;
  /** Everything the product depends on; equal inputs mean the same product. */
  readonly inputs: Json;
  /** Fills the (existing, empty) folder. */
  readonly build: (dir: string) => Promise<void>;
  /** How long another harness that makes it may be waited for, where that is more than usual. */
  readonly waitMs?: number | undefined;
  /** Which of its kind stay once one more was built: of what many inputs make. Absent: all. */
  readonly keep?: Keeping | undefined;
  /** Told before a build starts, when a corrupted product was found, and when another harness builds and is waited for. */
  readonly progress: (line: string) => void;
}

/** An unfinished product or a scratch folder this old belongs to a harness that was killed. */
const abandonedAfterMs = 24 * 3_600_000;
/** Another harness may take so long to fetch and build what we need as well, on a slow mirror; a recipe may say that it takes longer. */
const buildWaitMs = 1_800_000;
/** What a file system says of a place that was never meant to be written to. */
const notWritable: readonly unknown[] = ['EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'ENOENT'];

export class Cache {
  /** `beforeMaking`: awaited before anything is fetched or built; one that rejects keeps it from being tried. */
  constructor(
    readonly root: string,
    readonly beforeMaking: () => Promise<void> = async () => {},
  ) {}

  /** The cache of this checkout, or the one KEYSTORM_CACHE names. */
  static standard(env: NodeJS.ProcessEnv = process.env, beforeMaking?: () => Promise<void>): Cache {
    return new Cache(path.resolve(env.KEYSTORM_CACHE || path.join(checkoutDir, '.cache', 'keystorm')), beforeMaking);
  }

  /** A folder in the cache that is not a product; created when missing. KeystormError (exit 2) when it cannot be. */
  async folder(...names: string[]): Promise<string> {
    const dir = path.join(this.root, ...names);
    try {
      await makeFolder(dir);
    } catch (error) {
      throw this.#explained(error, names.join('/'));
    }
    return dir;
  }

  /** Calls `work` with an empty folder of its own on the cache's file system, which is removed afterwards. */
  async scratch<T>(what: string, work: (dir: string) => Promise<T>): Promise<T> {
    await this.beforeMaking();
    const parent = await this.folder('tmp');
    await removeAbandoned(parent);
    let entered = false;
    const enter = (dir: string) => {
      entered = true;
      return work(dir);
    };
    return await withFolder(path.join(parent, `${unfinishedPrefix}${what}-`), enter).catch((error: unknown) => {
      throw entered ? error : this.#explained(error, what);
    });
  }

  /**
   * Calls `work` while no other harness that shares this cache works on `what`; says on `progress` when it has to wait for one.
   * KeystormError: exit 2 when the cache cannot be written to, 3 when the other one takes longer than `waitMs`.
   */
  async alone<T>(
    what: string,
    progress: (line: string) => void,
    work: () => Promise<T>,
    waitMs = buildWaitMs,
  ): Promise<T> {
    const file = path.join(await this.folder('locks'), what);
    const minutes = Math.round(waitMs / 60_000);
    const onWait = (holder: string) =>
      progress(`${holder} is making the same thing (${what}) in this cache; waiting for it, at most ${minutes} min.`);
    let entered = false;
    try {
      return await withLock(file, { waitMs, onWait }, () => {
        entered = true;
        return work();
      });
    } catch (error) {
      throw entered ? error : this.#explained(error, what);
    }
  }

  /** Is the product of such a recipe here? Says nothing of whether it is intact. */
  holds({ kind, inputs }: Pick<ProductRecipe, 'kind' | 'inputs'>): boolean {
    return existsSync(this.#place(kind, hashJson(inputs)));
  }

  /** The product of such a recipe, if an intact one is here. */
  find({ kind, inputs }: Pick<ProductRecipe, 'kind' | 'inputs'>): Product | undefined {
    const key = hashJson(inputs);
    const found = use(this.#place(kind, key), key);
    return found !== undefined && 'product' in found ? found.product : undefined;
  }

  #place(kind: string, key: string): string {
    return path.join(this.root, 'products', productName(kind, key));
  }

  /** Returns the product of `recipe`, building it unless an intact one is there. */
  async product(recipe: ProductRecipe): Promise<Product> {
    const { kind, inputs, progress, waitMs, keep } = recipe;
    const key = hashJson(inputs);
    const dir = this.#place(kind, key);
    const found = use(dir, key);
    if (found !== undefined && 'product' in found) return found.product;
    const make = async () => {
      // Another harness may have made it while this one waited.
      const now = use(dir, key);
      if (now !== undefined && 'product' in now) return now.product;
      if (now !== undefined) {
        progress(`The cached ${kind} ${dir} is corrupted (${now.problem}); building it again.`);
        await this.#discard(dir, kind);
      }
      const made = await this.#build(dir, key, recipe);
      if (keep !== undefined) await prune(path.dirname(dir), kind, keep);
      return made;
    };
    return await this.alone(kind, progress, make, waitMs);
  }

  async #build(dir: string, key: string, recipe: ProductRecipe): Promise<Product> {
    await this.beforeMaking();
    const parent = await this.folder('products');
    // Nobody else builds this kind now: what lies there unfinished was left by a harness that was killed.
    await removeAbandoned(parent, recipe.kind);
    const unfinished = path.join(parent, unfinishedName(recipe.kind));
    const gone = entrust({ kind: 'folder', path: unfinished });
    try {
      await mkdir(unfinished).catch((error: unknown) => {
        throw this.#explained(error, recipe.kind);
      });
      await recipe.build(unfinished);
      const files = await recordProduct(unfinished, key, recipe.inputs);
      await rename(unfinished, dir);
      return product(dir, key, files);
    } catch (error) {
      throw this.fullDisk(error) ?? error;
    } finally {
      await rm(unfinished, { recursive: true, force: true });
      gone();
    }
  }

  /** Moved away first, so that nobody sees a half-deleted product under its good name. */
  async #discard(dir: string, kind: string): Promise<void> {
    const away = path.join(path.dirname(dir), unfinishedName(kind));
    await rename(dir, away).catch((error: unknown) => {
      throw this.#explained(error, kind);
    });
    await rm(away, { recursive: true, force: true });
  }

  /** The sentence (exit 3) for what failed because the cache's disk is full, whoever said so; undefined for any other failure. */
  fullDisk(failure: unknown): KeystormError | undefined {
    const text = failure instanceof Error ? failure.message : String(failure);
    if (!/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/.test(text)) return undefined;
    return new KeystormError(
      `The disk of the cache ${this.root} is full: free some space there (a kernel and its image take some 0.6 GB while they are made), or let KEYSTORM_CACHE name a folder elsewhere.`,
      3,
      { cause: failure },
    );
  }

  #explained(error: unknown, what: string): unknown {
    const code = (error as NodeJS.ErrnoException).code;
    if (!notWritable.includes(code)) return error;
    return new KeystormError(
      `The cache ${this.root} lacks an intact ${what} and cannot be written to (${code}): let KEYSTORM_CACHE name a folder of yours, or fill this one as a user who may write to it.`,
      2,
      { cause: error },
    );
  }
}

/** What is at `dir`: the intact product, what is wrong with it, or nothing. */
function look(dir: string, key: string): { product: Product } | { problem: string } | undefined {
  if (!existsSync(dir)) return undefined;
  const verified = verifyProduct(dir, key);
  return 'problem' in verified ? verified : { product: product(dir, key, verified.files) };
}

/** The same for who is going to use it, which is marked: undefined also for one that was pruned while it was looked at. */
function use(dir: string, key: string): ReturnType<typeof look> {
  markUsed(dir);
  const found = look(dir, key);
  return existsSync(dir) ? found : undefined;
}

function product(dir: string, key: string, files: Checksums): Product {
  return { dir, key, files, digest: hashJson(files) };
}

/** Removes what was abandoned; of `kind` all that is unfinished. Somebody may still write there: what cannot go stays. */
async function removeAbandoned(parent: string, kind?: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const dir = path.join(parent, name);
    const age = await stat(dir).then(
      (status) => Date.now() - status.mtimeMs,
      () => 0,
    );
    const ours = kind !== undefined && isUnfinishedOf(kind, name);
    if (ours || age > abandonedAfterMs) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
  }
}
