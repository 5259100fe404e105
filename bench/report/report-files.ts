// SPDX-License-Identifier: MIT
/** The files of a report, each put in place whole or not at all. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type FileOps, realFileOps, writeAtomically } from '../../results/file-ops.ts';
import { isDiskTrouble } from '../../results/storage-error.ts';
import { KeystormError } from '../../vm/failure.ts';
import { makeFolderSync } from '../../vm/host/folder.ts';
import { faultMatrix } from '../judge/fault-matrix.ts';
import { featureMatrix } from '../judge/feature-matrix.ts';
import { htmlReport } from './html-report.ts';
import { markdownReport } from './markdown-report.ts';
import type { ReportData } from './report-data.ts';

/** Name of each file and what makes its text. */
const makers = {
  'report.html': htmlReport,
  'report.md': markdownReport,
  'features.json': ({ run, verdicts }: ReportData) => `${JSON.stringify(featureMatrix(run, verdicts), null, 1)}\n`,
  'faults.json': ({ run, verdicts }: ReportData) => `${JSON.stringify(faultMatrix(run, verdicts), null, 1)}\n`,
} as const;
export const reportFileNames = Object.keys(makers);

/**
 * Writes the report into `dir`, which is made if need be, and returns the paths. What stood there is replaced.
 * @throws KeystormError when that is not possible: 3 for a disk that is full or broken, else 2.
 */
export function writeReportFiles(data: ReportData, dir: string, files: FileOps = realFileOps): string[] {
  return Object.entries(makers).map(([name, make]) => {
    const text = make(data);
    try {
      makeFolderSync(dir);
      writeAtomically(files, dir, name, text);
    } catch (error) {
      removeIfThere(path.join(dir, `.${name}.tmp`));
      const why = error instanceof Error ? error.message : String(error);
      throw new KeystormError(
        `Cannot write ${name} into ${dir} (${why}); give \`report\` another folder with --out, or --no-files.`,
        isDiskTrouble(error) ? 3 : 2,
        { cause: error },
      );
    }
    return path.join(dir, name);
  });
}

/** As far as that is possible: the error that is told is the one that came before. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}
