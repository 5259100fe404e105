// SPDX-License-Identifier: MIT
/** The files of a night, each put in place whole or not at all. */
import path from 'node:path';
import { type FileOps, realFileOps, removeIfPossible, writeAtomically } from '../../results/file-ops.ts';
import { isDiskTrouble } from '../../results/storage-error.ts';
import { KeystormError } from '../../vm/failure.ts';
import { makeFolderSync } from '../../vm/host/folder.ts';
import type { Side } from '../compare/side.ts';
import type { Exportable } from '../export/exportable.ts';
import { exporters } from '../export/formats.ts';
import { junit } from '../export/junit.ts';
import { nightlyDocument } from './document.ts';
import { alertSuite } from './junit-alerts.ts';
import { nightMarkdown } from './markdown.ts';
import type { Night } from './night.ts';
import { nightPage } from './page.ts';
import { nightText } from './text.ts';

/** Name of each file and what makes its text. `onlyNew`: the exit code is that of what is new. */
const makers: Readonly<Record<string, (night: Night, onlyNew: boolean) => string>> = {
  'nightly.html': nightPage,
  'nightly.md': nightMarkdown,
  'nightly.txt': (night) => `${nightText(night, false)}\n`,
  'nightly.json': (night, onlyNew) => `${JSON.stringify(nightlyDocument(night, onlyNew))}\n`,
  'junit.xml': (night) => junit({ ...newOf(night), more: [alertSuite(night)] }),
  'benchstat.txt': (night) => exporters.benchstat(newOf(night)),
  'benchstat-base.txt': ({ sides }) => exporters.benchstat(ofSide(sides.base)),
  'github-benchmark-smaller.json': (night) => exporters['github-benchmark-smaller'](newOf(night)),
  'github-benchmark-bigger.json': (night) => exporters['github-benchmark-bigger'](newOf(night)),
  'keystorm.prom': (night) => exporters.openmetrics(newOf(night)),
};
export const nightFileNames: readonly string[] = Object.keys(makers);

function ofSide({ run, metrics, verdicts }: Side): Exportable {
  return { run, metrics, verdicts };
}

function newOf({ sides, comparison }: Night): Exportable {
  return { ...ofSide(sides.new), comparison: comparison ?? undefined };
}

/** What stands in the folder is of this night, or not there: an old page must not be taken for a new one. */
export function removeNightFiles(dir: string, files: FileOps = realFileOps): void {
  for (const name of nightFileNames) removeIfPossible(files, path.join(dir, name));
}

/**
 * Writes them into `dir`, which is made if need be, and returns the paths. @throws KeystormError when that is not possible: 3 for a disk that is full or broken, else 2.
 */
export function writeNightFiles(night: Night, onlyNew: boolean, dir: string, files: FileOps = realFileOps): string[] {
  return Object.entries(makers).map(([name, make]) => {
    const text = make(night, onlyNew);
    try {
      makeFolderSync(dir);
      writeAtomically(files, dir, name, text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new KeystormError(
        `Cannot write ${name} into ${dir} (${why}): alerts of this night are raised again on the next; give --out another folder.`,
        isDiskTrouble(error) ? 3 : 2,
        { cause: error },
      );
    }
    return path.join(dir, name);
  });
}
