// SPDX-License-Identifier: MIT
import path from 'node:path';
import { Argument, type Command } from 'commander';
import type { HistoryBody } from '../../results/history.ts';
import { ofHistoryKind } from '../../results/history-reader.ts';
import { appendToHistory, historyToAddTo } from '../../results/history-writer.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { judgedNames } from '../compare/judged.ts';
import { plainText } from '../report/plain-text.ts';
import { typedPath } from '../report/typed-path.ts';
import { aloneIn } from '../run/alone.ts';
import { recordsOfRun } from '../trend/run-record.ts';
import type { SeriesBody } from '../trend/series-key.ts';
import { count } from '../words.ts';
import type { CommandContext } from './context.ts';
import { historyPath } from './history-path.ts';
import { demandFolder } from './places.ts';
import { runPath } from './run-path.ts';

interface Flags {
  readonly history?: string;
  readonly note?: string;
  readonly metric?: string;
  readonly scenario?: string;
  readonly mechanism?: string;
  readonly json: boolean;
}

const examples = `
Examples:
  keystorm history add latest                   the figures of a run, for trend; the run itself need not be kept
  keystorm history add results/runs/*           many runs, in the order in which they were measured
  keystorm history reset --note 'slower on purpose: see 4f2c' --scenario storm
                                                what comes after is learned anew, and the change before is no longer open

Exit codes: 0 done, or the runs were there already; 2 usage, a run that is none or a shard, one older than the last of
the history, a damaged history; 3 the disk; 4 a run that is not whole, or has nothing that trend follows. Unless it is
0, nothing was appended.`;

export function declareHistory(command: Command, context: CommandContext): void {
  command
    .addArgument(new Argument('<action>', 'what to append').choices(['add', 'reset']))
    .argument('[run...]', "for add: runs' folders, their names in results/runs, or 'latest'")
    .option('--history <dir>', "the history's folder (default: results/history)")
    .option('--note <text>', 'for reset: why')
    .option('--metric <name>', 'for reset: only this metric')
    .option('--scenario <name>', 'for reset: only metrics of this scenario')
    .option('--mechanism <name>', 'for reset: only metrics of this mechanism')
    .option('--json', 'print what was appended as one line of JSON', false)
    .addHelpText('after', examples)
    .action(async (action: string, runs: string[], flags: Flags) => {
      if (action === 'add') await add(runs, flags, context);
      else await reset(runs, flags, context);
      context.finish(0);
    });
}

async function add(runs: readonly string[], flags: Flags, { output }: CommandContext): Promise<void> {
  if (runs.length === 0) throw new KeystormError("Name the runs to add: their folders, or 'latest'.");
  if ([flags.note, flags.metric, flags.scenario, flags.mechanism].some((each) => each !== undefined))
    throw new KeystormError(
      '--note, --metric, --scenario and --mechanism are for reset: of a run everything is added.',
    );
  const stored = runs.map((run) => readRun(runPath(run)));
  stored.sort((a, b) => (a.manifest.createdAt < b.manifest.createdAt ? -1 : 1));
  const { dir, added, skipped } = await appending(flags, (known) => bodiesOf(stored, known));
  if (flags.json) return output.result(JSON.stringify({ history: dir, added, skipped }));
  for (const runId of skipped) output.progress.line(`${plainText(runId)} is in the history already`);
  output.result(`${count(added.length, 'run')} added to ${typedPath(dir)}`);
}

interface Known {
  readonly dir: string;
  readonly series: readonly SeriesBody[];
  readonly runs: readonly { readonly runId: string; readonly createdAt: string }[];
}

interface Appended {
  readonly bodies: readonly HistoryBody[];
  readonly added: readonly string[];
  readonly skipped: readonly string[];
}

/** @throws KeystormError for a run that cannot be added. */
function bodiesOf(stored: readonly StoredRun[], known: Known): Appended {
  const bodies: HistoryBody[] = [];
  const series = [...known.series];
  const idOf = (of: { readonly runId: string; readonly createdAt: string }) => `${of.runId} of ${of.createdAt}`;
  const there = new Set(known.runs.map(idOf));
  const [added, skipped]: [string[], string[]] = [[], []];
  let last = known.runs.at(-1);
  for (const run of stored) {
    const { runId, createdAt } = run.manifest;
    if (there.has(idOf(run.manifest))) {
      skipped.push(runId);
      continue;
    }
    if (last !== undefined && createdAt <= last.createdAt)
      throw new KeystormError(
        `${run.dir} was measured before ${plainText(last.runId)}, the last of the history, whose alerts would change under it: make another history with --history, of all runs in order.`,
      );
    const records = recordsOfRun(run, series);
    bodies.push(...records);
    series.push(...records.filter((record): record is SeriesBody => record.kind === 'series'));
    there.add(idOf(run.manifest));
    added.push(runId);
    last = { runId, createdAt };
  }
  return { bodies, added, skipped };
}

async function reset(runs: readonly string[], flags: Flags, { output }: CommandContext): Promise<void> {
  const { note, metric, scenario, mechanism } = flags;
  if (runs.length > 0) throw new KeystormError('reset takes no runs: it holds for those that are added after it.');
  if (note === undefined || note.trim() === '')
    throw new KeystormError("Say why with --note 'TEXT': it stands in every later report.");
  if (metric !== undefined && !judgedNames.includes(metric))
    throw new KeystormError(
      `There is no metric '${metric}' that trend follows: name one of ${judgedNames.join(', ')}.`,
    );
  const where = {
    ...(metric === undefined ? {} : { name: metric }),
    ...(scenario === undefined ? {} : { scenario }),
    ...(mechanism === undefined ? {} : { mechanism }),
  };
  const { dir } = await appending(flags, ({ series, dir: of }) => {
    const concerned = series.filter(
      ({ name, dimensions }) =>
        (metric ?? name) === name &&
        (scenario === undefined || dimensions.scenario === scenario) &&
        (mechanism === undefined || dimensions.mechanism === mechanism),
    );
    if (concerned.length === 0)
      throw new KeystormError(`No metric of ${of} is meant by that: \`trend --all\` shows what is followed.`);
    return { bodies: [{ kind: 'reset', note, where }], added: [], skipped: [] };
  });
  output.result(
    flags.json ? JSON.stringify({ history: dir, reset: where, note }) : `reset appended to ${typedPath(dir)}`,
  );
}

/** Reads the history, and appends what `make` makes for it, while nobody else does. */
async function appending(flags: Flags, make: (known: Known) => Appended): Promise<Appended & { readonly dir: string }> {
  const dir = historyPath(flags.history);
  demandFolder(dir, 'give --history a folder that you may write to');
  return aloneIn(dir, async () => {
    const history = historyToAddTo(dir);
    const appended = make({
      dir: path.resolve(dir),
      series: ofHistoryKind(history, 'series'),
      runs: ofHistoryKind(history, 'run'),
    });
    if (appended.bodies.length > 0) appendToHistory(history, appended.bodies, new Date());
    return { dir, ...appended };
  });
}
