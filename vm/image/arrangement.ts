// SPDX-License-Identifier: MIT
/**
 * The same guest, arranged otherwise: what lies where, and in which order the objects of our kernel modules are linked. Nothing that it does is
 * another; whoever finds a difference between two arrangements has found what a change of the guest may come to by accident.
 */
import { appendFile, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { sha256 } from '../hash.ts';
import { type ArchiveEntry, file } from './newc.ts';

/** Bytes of a page of the guest's memory. */
const page = 4_096;
/** As many pages as the padding may have, 4 MiB; a prime, so that numbers that follow one another lie apart. */
const mostPages = 1_021;
const step = 389;

/** A file that nobody reads, of another size for each number; what follows it in the image lies elsewhere. */
export function padding(name: string, number: number): ArchiveEntry {
  return file(name, Buffer.alloc(page * (1 + (((number % mostPages) * step) % mostPages)), 0x5a));
}

/** Has kbuild link the objects of a module in another order. `folder`: a copy of the module's sources. */
export async function arrangeObjects(folder: string, arrangement: number): Promise<void> {
  const kbuild = path.join(folder, 'Kbuild');
  await appendFile(kbuild, arranged(await readFile(kbuild, 'utf8'), arrangement));
}

/** What is to follow a Kbuild so that it links its objects in the order of that number. Lists of anything else, such as flags, stay. */
export function arranged(kbuild: string, arrangement: number): string {
  const objects = new Map<string, string[]>();
  for (const [, module = '', list = ''] of kbuild.matchAll(/^(\w+)-y\s*[:+]?=\s*(.*)$/gm))
    objects.set(module, [...(objects.get(module) ?? []), ...list.split(/\s+/).filter((word) => word !== '')]);
  const place = (object: string) => sha256(Buffer.from(`${arrangement}:${object}`));
  return [...objects]
    .filter(([, names]) => names.every((name) => name.endsWith('.o')))
    .map(([module, names]) => {
      const order = [...names].sort((a, b) => (place(a) < place(b) ? -1 : 1));
      return `\n${module}-y := ${order.join(' ')}\n`;
    })
    .join('');
}
