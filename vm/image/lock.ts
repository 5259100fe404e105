// SPDX-License-Identifier: MIT
/** The committed kernel lock: which package versions a kernel's name stands for. Kernels are added as data. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseJsonFile } from './json-file.ts';

const packageSchema = z.strictObject({
  /** 'image': the kernel itself and its modules; 'headers': unpacked together, what a module is built against. */
  role: z.enum(['image', 'headers']),
  name: z.string().regex(/^[a-z0-9][a-z0-9.+-]+$/),
  version: z.string().regex(/^[0-9][A-Za-z0-9.+~:-]*$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const kernelSchema = z.strictObject({
  name: z.string().regex(/^[0-9]+\.[0-9]+$/),
  /** The Debian suite it comes from. */
  suite: z.string(),
  /** The package whose dependency names the newest kernel of the series. */
  meta: z.string(),
  /** uname -r. */
  release: z.string(),
  version: z.string(),
  /** The package of the compiler that its headers demand, in the same suite. */
  compiler: z.string().regex(/^gcc-[0-9]+(-for-host)?$/),
  packages: z
    .array(packageSchema)
    .refine((list) => list.some((p) => p.role === 'image'), 'at least one package has the role image')
    .refine((list) => list.some((p) => p.role === 'headers'), 'at least one package has the role headers'),
});

const lockSchema = z.strictObject({
  schema: z.literal('keystorm/kernels/2'),
  kernels: z.array(kernelSchema).min(1),
});

export type LockedKernel = z.infer<typeof kernelSchema>;
export type KernelLock = z.infer<typeof lockSchema>;

/** The lock file of this checkout. */
export const lockFile = fileURLToPath(new URL('./kernels.lock.json', import.meta.url));

/** Reads a lock file's text. KeystormError (exit 2) names the place that is wrong. */
export function parseLock(text: string, where: string): KernelLock {
  return parseJsonFile(lockSchema, text, where);
}

/** What is committed. */
export function readLock(): KernelLock {
  return parseLock(readFileSync(lockFile, 'utf8'), lockFile);
}
