// SPDX-License-Identifier: MIT
/** What is known of a machine that runs already, found by looking. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sha256 } from '../hash.ts';

/** The script that writes what `parseFacts` reads. */
export const factsScript = readFileSync(fileURLToPath(new URL('./facts.sh', import.meta.url)), 'utf8');

const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');
const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
/** Where the kernel has no such switch there is nothing to read. */
const maybe = z.string();

const factsSchema = z.object({
  uid: number,
  /** Root's rights can be had without a password. */
  sudo: yesNo,
  release: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+_~-]*$/),
  architecture: z.string(),
  /** /proc/version. */
  version: z.string(),
  cmdline: z.string(),
  boot_id: z.string().regex(/^[0-9a-f-]{36}$/),
  processors: number,
  memory_kib: number,
  /** Of the distribution's release, e.g. 'bookworm'. */
  codename: z
    .string()
    .regex(/^[a-z0-9-]*$/)
    .catch(''),
  distribution: z
    .string()
    .regex(/^[a-z0-9._-]*$/)
    .catch(''),
  crun: yesNo,
  request_key: yesNo,
  flock: yesNo,
  groups: yesNo,
  modules_disabled: maybe,
  signatures: maybe,
  lockdown: maybe,
  user_namespaces: maybe,
  kernel_events: maybe,
  headers: yesNo,
  /** Of their configuration and symbols; that of nothing where there are none. */
  headers_sum: maybe,
  compiler: maybe,
  /** What is at the place of our files: 'ours' was left by an earlier run. */
  folder: z.enum(['absent', 'empty', 'ours', 'foreign']),
});

export type Facts = z.infer<typeof factsSchema>;

/** Reads what the script wrote. @throws Error that names the first fact that is missing or makes no sense. */
export function parseFacts(text: string): Facts {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const words = lines.flatMap((line) => {
    const space = line.indexOf(' ');
    return space < 0 ? [] : [[line.slice(0, space), line.slice(space + 1).trim()] as const];
  });
  const parsed = factsSchema.safeParse(Object.fromEntries(words));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`"${issue?.path.join('.') ?? '?'}" is missing or makes no sense`);
}

/** The kernel's version as Debian counts, e.g. '6.1.192-2'; of another one the release, and a hash of what it says of itself. */
export function kernelVersion({ release, version }: Pick<Facts, 'release' | 'version'>): string {
  // The compiler's version, which may be Debian's too, stands before the number of the build.
  const [, named] = / #\d+.* Debian (\S+)/.exec(version) ?? [];
  return named ?? `${release}@${sha256(version).slice(0, 10)}`;
}
