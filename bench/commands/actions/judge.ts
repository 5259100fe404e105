import { overallVerdict } from '../../judge/outcome.ts';
import { cutOff } from '../../report/cut-off.ts';
import { nextSteps } from '../../report/next-step.ts';
import { troubleLines } from '../../report/other-lines.ts';
import { ansiPaint, noPaint, verdictLines } from '../../report/verdict-lines.ts';
import type { CommandContext } from '../context.ts';
import { type JudgedRun, judgedRun } from './judged-run.ts';
import { runPath } from './run-path.ts';

export interface JudgeFlags {
  readonly json: boolean;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function judge(run: string, flags: JudgeFlags, { output }: CommandContext): Promise<number> {
  const judged = judgedRun(runPath(run));
  if (flags.json) {
    output.result(JSON.stringify(document(judged)));
    for (const line of nextSteps(judged.run, judged.verdicts)) output.progress.line(line);
  } else output.result(text(judged, output.colour));
  return judged.exitCode;
}

function document({ run, verdicts }: JudgedRun) {
  const verdict = overallVerdict(verdicts, run.status);
  return { schema: 'keystorm/judge/1', run: run.dir, status: run.status, verdict, verdicts };
}

function text({ run, verdicts }: JudgedRun, colour: boolean): string {
  const paint = colour ? ansiPaint : noPaint;
  const overall = overallVerdict(verdicts, run.status);
  return [
    ...troubleLines(run),
    ...verdictLines(run.manifest.plan, verdicts, paint, cutOff(run, verdicts)),
    `status ${run.status}, verdict ${paint(overall, overall)}`,
    ...nextSteps(run, verdicts),
  ].join('\n');
}
