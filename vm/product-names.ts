// SPDX-License-Identifier: MIT
/** The names of folders in a cache. A kind may begin like another one (`module`, `module-source`), so a name is held against its whole form. */
import { randomBytes } from 'node:crypto';

/** What every folder begins with that is no product, or not yet one. */
export const unfinishedPrefix = '.unfinished-';

/** The product of that kind with that key. */
export function productName(kind: string, key: string): string {
  return `${kind}-${key.slice(0, 24)}`;
}

export function isProductOf(kind: string, name: string): boolean {
  return name.startsWith(`${kind}-`) && /^[0-9a-f]{24}$/.test(name.slice(kind.length + 1));
}

/** A new one of this process for what becomes a product, or is none any more. */
export function unfinishedName(kind: string): string {
  return `${unfinishedPrefix}${kind}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

export function isUnfinishedOf(kind: string, name: string): boolean {
  const start = `${unfinishedPrefix}${kind}-`;
  return name.startsWith(start) && /^\d+-[0-9a-f]+$/.test(name.slice(start.length));
}
