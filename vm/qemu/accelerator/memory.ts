// SPDX-License-Identifier: MIT
/** What was seen of KVM, remembered in the cache: one file for each host, QEMU, kernel and set of flags. */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { z } from 'zod';
import type { Cache } from '../../cache.ts';
import { identityHash, type KvmIdentity } from './identity.ts';
import { type KnownVerdict, type KvmVerdict, kvmVerdictSchema, stillHolds } from './verdict.ts';

const folderName = 'kvm';

const memorySchema = z.strictObject({
  schema: z.literal('keystorm/kvm-verdict/1'),
  /** Of what host and kernel; the file's name is only its hash. */
  identity: z.record(z.string(), z.string()),
  verdict: kvmVerdictSchema,
});

/** Where the verdict for `identity` is kept, whether or not there is one. */
export function memoryFile(cache: Cache, identity: KvmIdentity): string {
  return path.join(cache.root, folderName, `${identityHash(identity)}.json`);
}

/** What is remembered and still holds. A file that is damaged, of another form, or about another host is no memory. */
export function recall(cache: Cache, identity: KvmIdentity, now: Date = new Date()): KnownVerdict | undefined {
  let text: string;
  try {
    text = readFileSync(memoryFile(cache, identity), 'utf8');
  } catch {
    return undefined;
  }
  const parsed = memorySchema.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { identity: whose, verdict } = parsed.data;
  const same = Object.keys(whose).length === Object.keys(identity).length;
  if (!same || !Object.entries(identity).every(([name, value]) => whose[name] === value)) return undefined;
  return stillHolds(verdict, now) ? { ...verdict, remembered: true } : undefined;
}

/** Remembers a verdict. Rejects as the file system does; whoever cannot remember asks again next time. */
export async function remember(cache: Cache, identity: KvmIdentity, verdict: KvmVerdict): Promise<void> {
  await cache.folder(folderName);
  const file = memoryFile(cache, identity);
  const written = `${file}.${process.pid}`;
  const memory: z.infer<typeof memorySchema> = { schema: 'keystorm/kvm-verdict/1', identity: { ...identity }, verdict };
  await writeFile(written, `${JSON.stringify(memory, null, 1)}\n`);
  await rename(written, file);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
