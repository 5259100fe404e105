// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { isDiskTrouble } from '../../../results/storage-error.ts';
import { KeystormError } from '../../../vm/failure.ts';
import type { ExportFormat } from '../../export/format-names.ts';
import { exporters } from '../../export/formats.ts';
import { type CommandContext, userPath } from '../context.ts';
import { judgedRun } from './judged-run.ts';
import { demandFile } from './places.ts';
import { runPath } from './run-path.ts';

export interface ExportFlags {
  readonly format: ExportFormat;
  readonly out?: string;
}

const remedy = 'give --out a file in a folder that is there and that you may write to';

/** @throws KeystormError as the table of exit codes has it. */
export async function exportRun(
  run: string,
  { format, out }: ExportFlags,
  { output }: CommandContext,
): Promise<number> {
  const file = out === undefined ? undefined : userPath(out);
  if (file !== undefined) demandFile(file, remedy);
  const text = exporters[format](judgedRun(runPath(run)));
  if (file === undefined) output.result(text.replace(/\n$/, ''));
  else write(file, text);
  return 0;
}

/** @throws KeystormError: 3 for a disk that is full or broken, else 2. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new KeystormError(`Cannot write to ${file} (${why}); ${remedy}.`, isDiskTrouble(error) ? 3 : 2, {
      cause: error,
    });
  }
}
