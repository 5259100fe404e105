// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import type { Plan } from '../../../results/plan.ts';
import { blocksOf, planHash } from '../../../results/shards.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { estimateRunMs } from '../../plan/estimate.ts';
import { leftOutLine } from '../../plan/parts.ts';
import { clockTime } from '../../run/progress.ts';
import { cellsAndChecks, count } from '../../words.ts';
import { type CommandContext, userPath } from '../context.ts';
import type { PlanFlags } from '../plan-options.ts';
import { demandFile } from './places.ts';
import { planOf } from './plan-choice.ts';

export interface Flags extends PlanFlags {
  readonly out?: string;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function plan(flags: Flags, { output }: CommandContext): Promise<number> {
  const { options, plan } = planOf(flags);
  const out = flags.out === undefined ? undefined : userPath(flags.out);
  if (out !== undefined) demandFile(out, 'give --out a file in a folder that is there and that you may write to');
  const text = JSON.stringify(plan, null, 2);
  output.progress.line(
    `${count(plan.boots.length, 'boot')} of ${cellsAndChecks(plan)}, about ${clockTime(estimateRunMs(plan))} of guest time`,
  );
  if (out !== undefined) output.progress.line(fileLine(plan));
  const leftOut = leftOutLine(options);
  if (leftOut !== null) output.progress.line(leftOut);
  if (out === undefined) output.result(text);
  else write(out, text);
  return 0;
}

/** How it is known again in its shards, and how many there can be. */
function fileLine(plan: Plan): string {
  return `plan ${planHash(plan).slice(0, 12)}, for bench --plan; in up to ${count(blocksOf(plan).length, 'shard')}`;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, `${text}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new KeystormError(`Cannot write the plan to ${file} (${why}); give --out another file.`, 3);
  }
}
