// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { type CommandContext, runPath } from './context.ts';
import { judgedRun, printReport } from './judged-run.ts';

const examples = `
Examples:
  keystorm report results/runs/2026-01-01T00-00-00Z-7
  keystorm report 2026-01-01T00-00-00Z-7 --json | jq '.metrics[] | select(.name == "upcall.latency.p50")'`;

export function addReportCommand(program: Command, { output, finish }: CommandContext): void {
  program
    .command('report')
    .description('report a stored run again; no guest is needed')
    .argument('<run>', "a run's folder, or its name in results/runs")
    .option('--json', 'print the keystorm/bench/1 document', false)
    .addHelpText('after', examples)
    .action((run: string, flags: { json: boolean }) => {
      const judged = judgedRun(runPath(run));
      printReport(judged, flags.json, output);
      finish(judged.exitCode);
    });
}
