// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { isDiskTrouble } from '../../results/storage-error.ts';
import { KeystormError } from '../../vm/failure.ts';
import { type ExportFormat, exporters, exportFormats } from '../export/formats.ts';
import { type CommandContext, userPath } from './context.ts';
import { judgedRun } from './judged-run.ts';
import { demandFile } from './places.ts';
import { runPath } from './run-path.ts';

interface ExportFlags {
  readonly format: ExportFormat;
  readonly out?: string;
}

const remedy = 'give --out a file in a folder that is there and that you may write to';

const examples = `
Examples:
  keystorm export latest --format junit --out junit.xml                 for Jenkins, GitLab and others that show tests
  keystorm export latest --format benchstat > new.txt                   then: benchstat -ignore kernel,module old.txt new.txt
  keystorm export latest --format github-benchmark-smaller --out s.json for github-action-benchmark; -bigger: the other file
  keystorm export latest --format openmetrics --out keystorm.prom       for Prometheus

Exit code 0 says that it was written, whatever the run came to; judge says that.`;

export function declareExport(command: Command, { output, finish }: CommandContext): void {
  command
    .argument('<run>', "a run's folder, its name in results/runs, or 'latest'")
    .addOption(
      new Option('--format <name>', `for whom: ${exportFormats.join(', ')}`)
        .choices(exportFormats)
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'write it there instead of to standard output')
    .addHelpText('after', examples)
    .action((run: string, { format, out }: ExportFlags) => {
      const file = out === undefined ? undefined : userPath(out);
      if (file !== undefined) demandFile(file, remedy);
      const text = exporters[format](judgedRun(runPath(run)));
      if (file === undefined) output.result(text.replace(/\n$/, ''));
      else write(file, text);
      finish(0);
    });
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
