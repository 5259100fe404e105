// SPDX-License-Identifier: MIT
/** How a user can call this program where they are: what is told to be typed must work when it is pasted there. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** How the program is started in a checkout. */
export const npmProgram = 'npm run -s keystorm --';

/** Where the user is: npm has changed to the checkout's folder since. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.INIT_CWD ?? process.cwd();
}

/** `keystorm` for who called it by that name, which the bootstrap has seen; else npm, told of the checkout where it would not find it. */
export function programCommand(env: NodeJS.ProcessEnv = process.env): string {
  if (env.KEYSTORM_CALLED_BY_NAME === '1') return 'keystorm';
  if (isBelow(checkout, userFolder(env))) return npmProgram;
  return `npm --prefix ${shellQuoted(checkout)} run -s keystorm --`;
}

/** A path as the user can type it where they are: short below the folder they are in within the checkout, else the whole of it. */
export function typedPath(file: string, env: NodeJS.ProcessEnv = process.env): string {
  const here = userFolder(env);
  const short = isBelow(checkout, here) && isBelow(here, file);
  return shellQuoted(short ? path.relative(here, file) || '.' : path.resolve(file));
}

/** A word that a POSIX shell reads back as it is. */
export function shellQuoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function isBelow(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way !== '..' && !way.startsWith('../');
}
