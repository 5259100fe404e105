// SPDX-License-Identifier: MIT
/** Which box `vagrant up` by hand boots: the one that `npm run box` built last. */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { z } from 'zod';
import type { Cache } from '../cache.ts';
import type { Box } from './boxes.ts';

/** In the cache; the Vagrantfile has the same words. */
const place = ['vagrant', 'box.json'] as const;

/** From now on `vagrant up` by hand boots this one. Returns the record's file. */
export async function recordBox(cache: Cache, box: Box): Promise<string> {
  const [folder, name] = place;
  const file = path.join(await cache.folder(folder), name);
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(box, null, 1));
  await rename(unfinished, file);
  return file;
}

/** The name of the product that it lies in; none before there is one. Nobody says when it was used: `vagrant up` asks nothing of us. */
export function recordedProducts({ root }: Pick<Cache, 'root'>): string[] {
  try {
    const text = readFileSync(path.join(root, ...place), 'utf8');
    const { file } = z.object({ file: z.string() }).parse(JSON.parse(text));
    return [path.basename(path.dirname(file))];
  } catch {
    return [];
  }
}
