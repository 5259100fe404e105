// SPDX-License-Identifier: MIT
import path from 'node:path';
import { shellQuoted } from '../plan/repro.ts';

/** A path as the user can type it where they are: npm has changed to the checkout's folder since. */
export function typedPath(file: string): string {
  return shellQuoted(path.relative(process.env.INIT_CWD ?? process.cwd(), file) || '.');
}
