// SPDX-License-Identifier: MIT
/** What a build product says of itself: its key and the checksum of each file, so that damage is noticed before it is used. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { z } from 'zod';
import { type Json, sha256 } from './hash.ts';

const recordName = '.product.json';
const recordSchema = z.object({ key: z.string(), files: z.record(z.string(), z.string()) });

/** sha256 of each file by relative path. */
export type Checksums = Readonly<Record<string, string>>;

/** Writes the record of the finished product in `dir` and returns the checksums of its files. */
export async function recordProduct(dir: string, key: string, inputs: Json): Promise<Checksums> {
  const files = hashTree(dir);
  await writeFile(path.join(dir, recordName), JSON.stringify({ key, inputs, files }, null, 1));
  return files;
}

/**
 * The checksums of the product in `dir` if all its files are those that were built, else a clause that says what is wrong. Reads
 * every byte: some 0.1 s for a kernel and an image of 100 MB, against the minutes that a guest with one wrong bit would cost.
 */
export function verifyProduct(dir: string, key: string): { readonly files: Checksums } | { readonly problem: string } {
  const record = readRecord(dir);
  if (record === undefined) return { problem: 'its checksums are missing or unreadable' };
  if (record.key !== key) return { problem: 'its checksums belong to another product' };
  let actual: Checksums;
  try {
    actual = hashTree(dir);
  } catch (error) {
    return { problem: `it cannot be read: ${String(error)}` };
  }
  for (const [name, sum] of Object.entries(record.files)) {
    if (actual[name] === undefined) return { problem: `${name} is missing` };
    if (actual[name] !== sum) return { problem: `${name} has changed` };
  }
  const extra = Object.keys(actual).find((name) => record.files[name] === undefined);
  return extra === undefined ? { files: record.files } : { problem: `${extra} was added` };
}

function readRecord(dir: string): z.infer<typeof recordSchema> | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path.join(dir, recordName), 'utf8')));
  } catch {
    return undefined;
  }
}

/** sha256 of every file (of a symbolic link: of its target) below `dir` by relative path, sorted by path. */
export function hashTree(dir: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of walk(dir)) {
    if (name === recordName) continue;
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
