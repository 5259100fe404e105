// SPDX-License-Identifier: MIT
/** Reads what `vagrant ssh-config` says: how a guest is reached. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** The parts that matter here; host keys are not among them, as Vagrant looks at none. */
const settingsSchema = z.object({
  hostname: z.string().refine((name) => isIP(name) !== 0),
  port: z.coerce.number().int().min(1).max(65_535),
  user: z.string().regex(/^[a-z_][a-z0-9_-]*$/),
  identityfile: z.string().min(1),
});

export type SshSettings = z.infer<typeof settingsSchema>;

/**
 * The settings of the one guest in `text`, in the format of ssh_config(5). A keyword may be in any case and its value in quotes; the first value
 * counts, as it does for ssh.
 * @throws Error with a clause that says what is missing or not to be believed.
 */
export function parseSshConfig(text: string): SshSettings {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, keyword, value] = /^\s*([A-Za-z]+)(?:\s+|\s*=\s*)(.*?)\s*$/.exec(line) ?? [];
    if (keyword === undefined || value === undefined) continue;
    found[keyword.toLowerCase()] ??= value.replace(/^"(.*)"$/, '$1');
  }
  const parsed = settingsSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  const wrong = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  throw new Error(`vagrant ssh-config gave no usable ${wrong.join(', ')}`);
}
