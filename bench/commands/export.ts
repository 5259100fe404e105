import { type Command, Option } from 'commander';
import { exportFormats } from '../export/format-names.ts';
import type { ExportFlags } from './actions/export.ts';
import type { CommandContext } from './context.ts';

const examples = `
Examples:
  keystorm export latest --format junit --out junit.xml                 for Jenkins, GitLab and others that show tests
  keystorm export latest --format benchstat > new.txt                   then: benchstat -ignore kernel,module old.txt new.txt
  keystorm export latest --format github-benchmark-smaller --out s.json for github-action-benchmark; -bigger: the other file
  keystorm export latest --format openmetrics --out keystorm.prom       for Prometheus

Exit codes: 0 it was written, whatever the run came to: judge says that; 2 usage, or no run that can be read; 3 the disk.`;

export function declareExport(command: Command, context: CommandContext): void {
  command
    .argument('<run>', "a run's folder, its name in results/runs, or 'latest'")
    .addOption(
      new Option('--format <name>', `for whom: ${exportFormats.join(', ')}`)
        .choices(exportFormats)
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'write it there instead of to standard output')
    .addHelpText('after', examples)
    .action(async (run: string, flags: ExportFlags) => {
      const { exportRun } = await import('./actions/export.ts');
      context.finish(await exportRun(run, flags, context));
    });
}
