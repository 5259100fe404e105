import { ofHistoryKind, type StoredHistory } from '../../../results/history-reader.ts';
import { appendToHistory, historyToAddTo } from '../../../results/history-writer.ts';
import { readRun } from '../../../results/run-reader.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { plainText } from '../../report/plain-text.ts';
import { typedPath } from '../../report/typed-path.ts';
import { aloneIn } from '../../run/alone.ts';
import { addRuns } from '../../trend/add-runs.ts';
import { followedNames } from '../../trend/followed.ts';
import { count } from '../../words.ts';
import type { CommandContext } from '../context.ts';
import type { Output } from '../output.ts';
import { historyPath } from './history-path.ts';
import { demandFolder } from './places.ts';
import { runPaths } from './run-path.ts';

export interface Flags {
  readonly history?: string;
  readonly note?: string;
  readonly metric?: string;
  readonly scenario?: string;
  readonly mechanism?: string;
  readonly json: boolean;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function history(
  action: string,
  runs: readonly string[],
  flags: Flags,
  context: CommandContext,
): Promise<number> {
  if (action === 'add') await add(runs, flags, context);
  else await reset(runs, flags, context);
  return 0;
}

async function add(runs: readonly string[], flags: Flags, { output }: CommandContext): Promise<void> {
  if (runs.length === 0) throw new KeystormError("Name the runs to add: their folders, or 'latest'.");
  if ([flags.note, flags.metric, flags.scenario, flags.mechanism].some((each) => each !== undefined))
    throw new KeystormError(
      '--note, --metric, --scenario and --mechanism are for reset: of a run everything is added.',
    );
  const stored = runPaths(runs, (line) => output.progress.line(line)).map((dir) => readRun(dir));
  const dir = historyPath(flags.history);
  const { added, skipped } = await appending(dir, output, (history) => addRuns(history, stored, new Date()));
  if (flags.json) return output.result(JSON.stringify({ history: dir, added, skipped }));
  for (const runId of skipped) output.progress.line(`${plainText(runId)} is in the history already`);
  output.result(`${count(added.length, 'run')} added to ${typedPath(dir)}`);
}

async function reset(runs: readonly string[], flags: Flags, { output }: CommandContext): Promise<void> {
  const { note, metric, scenario, mechanism } = flags;
  if (runs.length > 0) throw new KeystormError('reset takes no runs: it holds for those that are added after it.');
  if (note === undefined || note.trim() === '')
    throw new KeystormError("Say why with --note 'TEXT': it stands in every later report.");
  if (metric !== undefined && !followedNames.includes(metric))
    throw new KeystormError(
      `There is no metric '${metric}' that trend follows: name one of ${followedNames.join(', ')}.`,
    );
  const where = {
    ...(metric === undefined ? {} : { name: metric }),
    ...(scenario === undefined ? {} : { scenario }),
    ...(mechanism === undefined ? {} : { mechanism }),
  };
  const dir = historyPath(flags.history);
  await appending(dir, output, (history) => {
    const concerned = ofHistoryKind(history, 'series').filter(
      ({ name, dimensions }) =>
        (metric ?? name) === name &&
        (scenario === undefined || dimensions.scenario === scenario) &&
        (mechanism === undefined || dimensions.mechanism === mechanism),
    );
    if (concerned.length === 0)
      throw new KeystormError(`No metric of ${dir} is meant by that: \`trend --all\` shows what is followed.`);
    appendToHistory(history, [{ kind: 'reset', note, where }], new Date());
  });
  output.result(
    flags.json ? JSON.stringify({ history: dir, reset: where, note }) : `reset appended to ${typedPath(dir)}`,
  );
}

/** Reads the history in `dir`, and lets `append` add to it, while nobody else does. */
async function appending<T>(dir: string, output: Output, append: (history: StoredHistory) => T): Promise<T> {
  demandFolder(dir, 'give --history a folder that you may write to');
  return aloneIn(dir, async () => {
    const history = historyToAddTo(dir);
    const appended = append(history);
    if (history.problem !== null)
      output.progress.line(`${history.problem} What is appended takes its place: a run or a reset may be lost.`);
    return appended;
  });
}
