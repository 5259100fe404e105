// SPDX-License-Identifier: MIT
/** What `doctor --json` prints. */
import { z } from 'zod';
import { kvmVerdictSchema } from '../../../vm/qemu/accelerator/verdict.ts';

/** 'missing': something cannot be done without it. 'note': it can, but one should know. 'unknown': not looked at. */
export const checkStatuses = ['ok', 'missing', 'note', 'unknown'] as const;
/** What one may want to do here. */
export const purposes = ['report', 'query', 'bench', 'test'] as const;
export const checkGroups = ['Software', 'Machine', 'Kernels', 'Places', 'Network'] as const;

const checkSchema = z.strictObject({
  group: z.enum(checkGroups),
  name: z.string(),
  status: z.enum(checkStatuses),
  /** What was found, or what it is for if it was not. */
  found: z.string(),
  /** What to do about it; null if nothing need be done. */
  remedy: z.string().nullable(),
  /** What cannot be done when it is missing. */
  neededFor: z.array(z.enum(purposes)),
});
export type Check = z.infer<typeof checkSchema>;

export const doctorSchema = z.strictObject({
  schema: z.literal('keystorm/doctor/1'),
  tool: z.strictObject({ version: z.string(), commit: z.string().nullable() }),
  os: z.string(),
  root: z.boolean(),
  processors: z.strictObject({ model: z.string(), usable: z.int().min(1) }),
  memory: z.strictObject({ totalBytes: z.int(), availableBytes: z.int() }),
  checks: z.array(checkSchema),
  /** Debian packages that are missing, and the command that installs them; null if none are. */
  install: z.strictObject({ packages: z.array(z.string()), command: z.string() }).nullable(),
  cache: z.strictObject({
    dir: z.string(),
    freeBytes: z.int(),
    parts: z.array(z.strictObject({ kind: z.string(), count: z.int().min(1), bytes: z.int().min(0) })),
  }),
  /** Null: not known yet; `doctor --probe` finds out. */
  kvm: z.strictObject({ ...kvmVerdictSchema.shape, remembered: z.boolean() }).nullable(),
  purposes: z.array(
    z.strictObject({ name: z.enum(purposes), command: z.string(), possible: z.boolean(), lacks: z.array(z.string()) }),
  ),
});
export type DoctorDocument = z.infer<typeof doctorSchema>;
