// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { latencySvg } from '../report/latency-svg.ts';
import { machineLines } from '../report/other-lines.ts';
import { type CommandContext, runPath, userPath } from './context.ts';
import { type JudgedRun, judgedRun, printReport } from './judged-run.ts';

const examples = `
Examples:
  keystorm report results/runs/2026-01-01T00-00-00Z-7
  keystorm report 2026-01-01T00-00-00Z-7 --json | jq '.metrics[] | select(.name == "upcall.latency.p50")'`;

export function addReportCommand(program: Command, { output, finish }: CommandContext): void {
  program
    .command('report')
    .description('report a stored run again; no guest is needed')
    .argument('<run>', "a run's folder, its name in results/runs, or 'latest'")
    .option('--json', 'print the keystorm/bench/1 document', false)
    .option('--svg <file>', 'also draw the latencies into this file')
    .addHelpText('after', examples)
    .action((run: string, flags: { json: boolean; svg?: string }) => {
      const judged = judgedRun(runPath(run));
      if (flags.svg !== undefined) writePicture(userPath(flags.svg), judged);
      printReport(judged, flags.json, output);
      finish(judged.exitCode);
    });
}

function writePicture(file: string, { run, metrics }: JudgedRun): void {
  const [machine = ''] = machineLines(run);
  const svg = latencySvg(metrics, `${run.manifest.plan.boots.length} boots, ${machine}`);
  if (svg === null) throw new KeystormError(`${run.dir} has no latencies to draw: it did not measure that scenario.`);
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new KeystormError(`Cannot write the picture to ${file}: ${(error as Error).message}.`, 2, { cause: error });
  }
}
