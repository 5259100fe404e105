// SPDX-License-Identifier: MIT
/** Hashes of values and bytes. */
import { createHash } from 'node:crypto';

/** Anything JSON can hold; a product's inputs are hashed in this form. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** sha256, hexadecimal, of a value's JSON with its keys sorted. */
export function hashJson(value: Json): string {
  return sha256(JSON.stringify(sortKeys(value)));
}

/** sha256 of a string or bytes, hexadecimal. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const sorted: Record<string, Json> = {};
  const entries = Object.entries(value as { readonly [key: string]: Json });
  for (const [key, item] of entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) sorted[key] = sortKeys(item);
  return sorted;
}
