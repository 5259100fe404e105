// SPDX-License-Identifier: MIT
import path from 'node:path';
import { realFileOps, writeAtomically } from '../../../results/file-ops.ts';
import { ofHistoryKind, readHistory } from '../../../results/history-reader.ts';
import { isDiskTrouble } from '../../../results/storage-error.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { choose } from '../../plan/choose.ts';
import { typedPath } from '../../report/typed-path.ts';
import { trendDocument } from '../../trend/document.ts';
import { followedNames } from '../../trend/followed.ts';
import { trendText } from '../../trend/text.ts';
import { type Choice, exitCodeOf, trendOf } from '../../trend/trend.ts';
import { type CommandContext, userPath } from '../context.ts';
import { historyPath } from './history-path.ts';
import { demandFile } from './places.ts';

export interface TrendFlags {
  readonly history?: string;
  readonly metric: readonly string[];
  readonly scenario: readonly string[];
  readonly mechanism: readonly string[];
  readonly budget: number;
  readonly delta: number;
  readonly deltaErrors: number;
  readonly deltaTime: number;
  readonly onlyNew: boolean;
  readonly html?: string;
  readonly all: boolean;
  readonly json: boolean;
}

const nsPerMs = 1e6;

/** @throws KeystormError as the table of exit codes has it. */
export async function trend(flags: TrendFlags, { output }: CommandContext): Promise<number> {
  const html = flags.html === undefined ? undefined : userPath(flags.html);
  if (html !== undefined) demandFile(html, 'give --html a file in a folder that is there and that you may write to');
  const history = readHistory(historyPath(flags.history));
  const dimensions = ofHistoryKind(history, 'series').map((series) => series.dimensions);
  const trend = trendOf(history, choiceOf(flags, dimensions));
  output.result(flags.json ? JSON.stringify(trendDocument(trend)) : trendText(trend, output.colour, flags.all));
  if (html !== undefined) {
    const { trendPage } = await import('../../trend/html/trend-page.ts');
    writePage(html, trendPage(trend));
    output.progress.line(`report   ${typedPath(html)}`);
  }
  return exitCodeOf(trend, flags.onlyNew);
}

/** @throws KeystormError (2) for a name that the history has not. */
function choiceOf(flags: TrendFlags, dimensions: readonly Readonly<Record<string, string | number>>[]): Choice {
  const { budget, delta, deltaErrors, deltaTime } = flags;
  const named = (what: string, known: readonly string[], asked: readonly string[]) =>
    asked.length === 0 ? undefined : choose(what, [...new Set(known)], asked, []);
  const values = (name: string) => dimensions.flatMap((each) => (each[name] === undefined ? [] : [String(each[name])]));
  return {
    budget,
    deltas: { ratio: delta, share: deltaErrors, time: deltaTime * nsPerMs },
    metrics: named('metric', followedNames, flags.metric),
    scenarios: named('scenario', values('scenario'), flags.scenario),
    mechanisms: named('mechanism', values('mechanism'), flags.mechanism),
  };
}

function writePage(file: string, text: string): void {
  try {
    writeAtomically(realFileOps, path.dirname(file), path.basename(file), text);
  } catch (error) {
    throw new KeystormError(
      `Cannot write the page to ${file} (${(error as Error).message}); give --html another file.`,
      isDiskTrouble(error) ? 3 : 2,
      { cause: error },
    );
  }
}
