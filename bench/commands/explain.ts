// SPDX-License-Identifier: MIT
/** From whatever was thrown to one sentence on standard error, and the exit code for it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CommanderError } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { plainText } from '../report/plain-text.ts';
import type { Output } from './output.ts';

/** Says what happened and returns the exit code for it. */
export function explain(error: unknown, output: Output): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') return 2;
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\s*\n\s*/g, ' ')
      .replace(/\.$/, '');
    output.progress.line(`keystorm: ${message}; --help shows what there is.`);
    return 2;
  }
  debug(error, output);
  if (error instanceof KeystormError) {
    output.progress.line(`keystorm: ${plainText(error.message)}`);
    return error.exitCode;
  }
  const place = placeOfTrouble(error);
  if (place !== null) {
    output.progress.line(`keystorm: ${plainText(place)}`);
    return 3;
  }
  const message = error instanceof Error ? error.message : String(error);
  output.progress.line(`keystorm: an unexpected error: ${plainText(message)} (details in ${writeDetails(error)}).`);
  return 3;
}

/** What a file system said of a place, and what can be done about it. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'give yourself permission there',
  EPERM: 'give yourself permission there',
  EROFS: 'it is read-only',
  ENOSPC: 'free some space there',
  EDQUOT: 'your quota there is used up',
  EIO: 'its disk has an error',
  ENOTDIR: 'a file is where a folder is needed',
};

/** A sentence for a file-system error that nobody on the way put into words; null for any other. */
function placeOfTrouble(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return null;
  const remedy = remedies[String(error.code)];
  if (remedy === undefined) return null;
  const elsewhere = 'or choose another place: KEYSTORM_CACHE for the cache, --out for the run';
  return `${String(error.path)} cannot be used (${String(error.code)}): ${remedy}, ${elsewhere}.`;
}

function debug(error: unknown, output: Output): void {
  if (process.env.KEYSTORM_DEBUG === '1') output.progress.line(detailsOf(error));
}

function detailsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${detailsOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function writeDetails(error: unknown): string {
  try {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'keystorm-error-')), 'details.txt');
    writeFileSync(file, `${detailsOf(error)}\n`);
    return file;
  } catch {
    return 'no file, as none could be written; KEYSTORM_DEBUG=1 shows them';
  }
}
