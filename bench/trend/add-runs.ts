// SPDX-License-Identifier: MIT
/** Puts runs into a history: each once, in the order in which they were measured, all or none. */
import type { HistoryBody } from '../../results/history.ts';
import { ofHistoryKind, type StoredHistory } from '../../results/history-reader.ts';
import { appendToHistory } from '../../results/history-writer.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { plainText } from '../report/plain-text.ts';
import { recordsOfRun } from './run-record.ts';
import type { SeriesBody } from './series-key.ts';

/** Runs by their ids. */
export interface AddedRuns {
  readonly added: readonly string[];
  /** They were there already. */
  readonly skipped: readonly string[];
}

interface RunName {
  readonly runId: string;
  readonly createdAt: string;
}

/**
 * `history` is what historyToAddTo gave, and nobody else may be at it. On disk when it returns.
 * @throws KeystormError: 2 for a shard or a run older than the last of the history, 4 for one that is not whole or has nothing to be followed, 3 for
 * the disk; then nothing was appended.
 */
export function addRuns(history: StoredHistory, runs: readonly StoredRun[], now: Date): AddedRuns {
  const bodies: HistoryBody[] = [];
  const series: SeriesBody[] = ofHistoryKind(history, 'series');
  const known = ofHistoryKind(history, 'run');
  const there = new Set(known.map(keyOf));
  const [added, skipped]: [string[], string[]] = [[], []];
  let last: RunName | undefined = known.at(-1);
  for (const run of [...runs].sort((a, b) => (a.manifest.createdAt < b.manifest.createdAt ? -1 : 1))) {
    const { runId } = run.manifest;
    if (there.has(keyOf(run.manifest))) {
      skipped.push(runId);
      continue;
    }
    demandLater(run.manifest, last, run.dir);
    const records = recordsOfRun(run, series);
    bodies.push(...records);
    series.push(...records.filter((record): record is SeriesBody => record.kind === 'series'));
    there.add(keyOf(run.manifest));
    added.push(runId);
    last = run.manifest;
  }
  if (bodies.length > 0) appendToHistory(history, bodies, now);
  return { added, skipped };
}

/** `what` is to come after the last of a history. @throws KeystormError (2) if it does not. */
export function demandLater({ createdAt }: Pick<RunName, 'createdAt'>, last: RunName | undefined, what: string): void {
  if (last === undefined || createdAt > last.createdAt) return;
  throw new KeystormError(
    `${what} was measured before ${plainText(last.runId)}, the last of the history, whose alerts would change under it: make another history with --history, of all runs in order.`,
  );
}

function keyOf({ runId, createdAt }: RunName): string {
  return `${runId} of ${createdAt}`;
}
