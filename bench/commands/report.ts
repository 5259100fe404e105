import type { Command } from 'commander';
import type { ReportFlags } from './actions/report.ts';
import type { CommandContext } from './context.ts';

const examples = `
Examples:
  keystorm report latest                        the table, and its files in the run's folder
  keystorm report latest --out /tmp/posting     the files elsewhere; --no-files: only the table
  keystorm report 2026-01-01T00-00-00Z-7 --json | jq '.metrics[] | select(.name == "upcall.latency.p50")'

Exit codes: 0 every expectation met; 1 one was not; 2 usage, no run that can be read, or files that cannot be written; 3 a guest
or the harness broke in it, or the disk; 4 it is not whole, or something expected could not be seen.`;

export function declareReport(command: Command, context: CommandContext): void {
  command
    .argument('<run>', "a run's folder, its name in results/runs, or 'latest'")
    .option('--json', 'print the keystorm/bench/1 document', false)
    .option('--out <dir>', "folder for the report's files (default: the run's)")
    .option('--no-files', 'only print')
    .option('--svg <file>', 'also draw the latencies into this file')
    .addHelpText('after', examples)
    .action(async (run: string, flags: ReportFlags) => {
      const { report } = await import('./actions/report.ts');
      context.finish(await report(run, flags, context));
    });
}
