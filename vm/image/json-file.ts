// SPDX-License-Identifier: MIT
/** Committed files of data, read by a strict schema: what is wrong with one is told with its place. */
import type { z } from 'zod';
import { KeystormError } from '../failure.ts';

/** The value that `text` says. KeystormError (exit 2) names the place that is wrong. */
export function parseJsonFile<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new KeystormError(`${where} is not JSON: ${(error as Error).message}.`, 2, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new KeystormError(`${where}: ${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'invalid'}.`);
}
