// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';

/** A file's text; that of one which cannot be read is empty. */
export function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
