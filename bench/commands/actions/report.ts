// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { KeystormError } from '../../../vm/failure.ts';
import { inUnitsOf } from '../../report/format.ts';
import { latencySvg } from '../../report/latency-svg.ts';
import { machineLines } from '../../report/other-lines.ts';
import { type CommandContext, userPath } from '../context.ts';
import { type JudgedRun, judgedRun, printReport, writeReport } from './judged-run.ts';
import { demandFile, demandFolder } from './places.ts';
import { runPath } from './run-path.ts';

export interface ReportFlags {
  readonly json: boolean;
  readonly out?: string;
  readonly files: boolean;
  readonly svg?: string;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function report(run: string, flags: ReportFlags, { output }: CommandContext): Promise<number> {
  if (!flags.files && flags.out !== undefined)
    throw new KeystormError('--out says where to put files that --no-files leaves out: give one of the two.');
  const judged = judgedRun(runPath(run));
  const out = flags.out === undefined ? judged.run.dir : userPath(flags.out);
  const svg = flags.svg === undefined ? undefined : userPath(flags.svg);
  if (flags.out !== undefined) demandFolder(out, 'give --out a folder that you may write to, or --no-files');
  if (svg !== undefined) demandFile(svg, 'give --svg a file in a folder that is there and that you may write to');
  // First: what cannot be written beside a stored run keeps nobody from its table.
  printReport(judged, flags.json, output);
  const failed = flags.files ? writeReport(judged, out, output) : 0;
  if (svg !== undefined) writePicture(svg, judged);
  return failed === 0 ? judged.exitCode : failed;
}

function writePicture(file: string, { run, metrics }: JudgedRun): void {
  const [machine = ''] = machineLines(run);
  const { clock, boots } = run.manifest.plan;
  const svg = inUnitsOf(clock, () => latencySvg(metrics, `${boots.length} boots, ${machine}`));
  if (svg === null) throw new KeystormError(`${run.dir} has no latencies to draw: it did not measure that scenario.`);
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new KeystormError(`Cannot write the picture to ${file}: ${(error as Error).message}.`, 2, { cause: error });
  }
}
