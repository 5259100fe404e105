// SPDX-License-Identifier: MIT
/**
 * Build products, found again by the hash of what they were made from. A product is a folder; it is built under a temporary
 * name and renamed into place, so two harnesses may share a cache: whoever is second finds the first one's product. Each
 * carries the checksums of its files, and one that no longer matches them is rebuilt, never used.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { KeystormError } from './failure.ts';

/** The checkout this file lies in. */
export const checkoutDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Anything JSON can hold; a product's inputs are hashed in this form. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Product {
  /** Where its files are. */
  readonly dir: string;
  /** sha256 of its inputs, hexadecimal. */
  readonly key: string;
  /** sha256 of each of its files by relative path. */
  readonly files: Readonly<Record<string, string>>;
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
  /** Told before a build starts, and when a corrupted product was found. */
  readonly progress: (line: string) => void;
}

const sidecar = '.product.json';
const unfinishedPrefix = '.unfinished-';
/** An unfinished product or a scratch folder this old belongs to a harness that was killed. */
const abandonedAfterMs = 24 * 3_600_000;

export class Cache {
  constructor(readonly root: string) {}

  /** The cache of this checkout, or the one KEYSTORM_CACHE names. */
  static standard(env: NodeJS.ProcessEnv = process.env): Cache {
    return new Cache(path.resolve(env.KEYSTORM_CACHE || path.join(checkoutDir, '.cache', 'keystorm')));
  }

  /** A folder in the cache that is not a product; created when missing. */
  async folder(...names: string[]): Promise<string> {
    const dir = path.join(this.root, ...names);
    await mkdir(dir, { recursive: true });
    return dir;
  }

  /** Calls `work` with an empty folder of its own on the cache's file system, which is removed afterwards. */
  async scratch<T>(what: string, work: (dir: string) => Promise<T>): Promise<T> {
    const parent = await this.folder('tmp');
    await removeAbandoned(parent);
    const dir = await mkdtemp(path.join(parent, `${unfinishedPrefix}${what}-`));
    try {
      return await work(dir);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }

  /** Returns the product of `recipe`, building it unless an intact one is there. */
  async product(recipe: ProductRecipe): Promise<Product> {
    const key = hashJson(recipe.inputs);
    const dir = path.join(this.root, 'products', `${recipe.kind}-${key.slice(0, 24)}`);
    const found = this.#intact(dir, key, recipe);
    if (found !== undefined) return found;
    if (existsSync(dir)) await this.#discard(dir);
    return await this.#build(dir, key, recipe);
  }

  #intact(dir: string, key: string, recipe: ProductRecipe): Product | undefined {
    if (!existsSync(dir)) return undefined;
    const problem = findCorruption(dir, key);
    if (problem === undefined) return product(dir, key, readSidecar(dir)?.files ?? {});
    recipe.progress(`The cached ${recipe.kind} is corrupted (${problem}); building it again.`);
    return undefined;
  }

  async #build(dir: string, key: string, recipe: ProductRecipe): Promise<Product> {
    const parent = await this.folder('products');
    await removeAbandoned(parent);
    const unfinished = path.join(parent, `${unfinishedPrefix}${process.pid}-${randomBytes(4).toString('hex')}`);
    await mkdir(unfinished);
    try {
      await recipe.build(unfinished);
      const files = hashTree(unfinished);
      await writeFile(path.join(unfinished, sidecar), JSON.stringify({ key, inputs: recipe.inputs, files }, null, 1));
      try {
        await rename(unfinished, dir);
      } catch (error) {
        // Another harness was faster: its product is as good as ours, provided it is intact.
        const found = this.#intact(dir, key, recipe);
        if (found === undefined)
          throw new KeystormError(`Cannot put the ${recipe.kind} at ${dir}: ${String(error)}.`, 3, { cause: error });
        return found;
      }
      return product(dir, key, files);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }

  /** Moved away first, so that nobody sees a half-deleted product under its good name. */
  async #discard(dir: string): Promise<void> {
    const away = path.join(path.dirname(dir), `${unfinishedPrefix}${process.pid}-${randomBytes(4).toString('hex')}`);
    try {
      await rename(dir, away);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    await rm(away, { recursive: true, force: true });
  }
}

function product(dir: string, key: string, files: Readonly<Record<string, string>>): Product {
  return { dir, key, files, digest: hashJson(files) };
}

/** sha256, hexadecimal, of a value's JSON with its keys sorted. */
export function hashJson(value: Json): string {
  return sha256(JSON.stringify(sortKeys(value)));
}

/** sha256 of a string or bytes, hexadecimal. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** sha256 of every file (of a symbolic link: of its target) below `dir` by relative path, sorted by path. */
export function hashTree(dir: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of walk(dir)) {
    if (name === sidecar) continue;
    const file = path.join(dir, name);
    files[name] = lstatSync(file).isSymbolicLink() ? sha256(`-> ${readlinkSync(file)}`) : sha256(readFileSync(file));
  }
  return files;
}

/** Relative paths of all that is not a folder below `dir`, sorted. */
export function walk(dir: string, prefix = ''): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(path.join(dir, prefix), { withFileTypes: true })) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) found.push(...walk(dir, name));
    else found.push(name);
  }
  return found.sort();
}

/** Says what is wrong with the product in `dir`, or undefined when its files are those that were built. */
function findCorruption(dir: string, key: string): string | undefined {
  const record = readSidecar(dir);
  if (record === undefined) return 'its checksums are missing or unreadable';
  if (record.key !== key) return 'its checksums belong to another product';
  let actual: Record<string, string>;
  try {
    actual = hashTree(dir);
  } catch (error) {
    return `it cannot be read: ${String(error)}`;
  }
  for (const [name, sum] of Object.entries(record.files)) {
    if (actual[name] === undefined) return `${name} is missing`;
    if (actual[name] !== sum) return `${name} has changed`;
  }
  const extra = Object.keys(actual).find((name) => record.files[name] === undefined);
  return extra === undefined ? undefined : `${extra} was added`;
}

function readSidecar(dir: string): { key: string; files: Record<string, string> } | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path.join(dir, sidecar), 'utf8'));
    if (typeof record !== 'object' || record === null || !('key' in record) || !('files' in record)) return undefined;
    if (typeof record.key !== 'string' || typeof record.files !== 'object' || record.files === null) return undefined;
    return { key: record.key, files: record.files as Record<string, string> };
  } catch {
    return undefined;
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const dir = path.join(parent, name);
    const age = await stat(dir).then(
      (status) => Date.now() - status.mtimeMs,
      () => 0,
    );
    if (age > abandonedAfterMs) await rm(dir, { recursive: true, force: true });
  }
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const sorted: Record<string, Json> = {};
  const entries = Object.entries(value as { readonly [key: string]: Json });
  for (const [key, item] of entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) sorted[key] = sortKeys(item);
  return sorted;
}
