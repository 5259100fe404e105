// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { type QueryDocument, query } from '../query/query.ts';
import { plainText } from '../report/plain-text.ts';
import { terminalTable } from '../report/tables/table-model.ts';
import { runFoldersIn, standardRunsDir } from '../run/run-folder.ts';
import { count } from '../words.ts';
import type { CommandContext } from './context.ts';
import { type JudgedRun, judgedRun } from './judged-run.ts';
import { runPath } from './run-path.ts';

const examples = `
Examples:
  keystorm query "SELECT run, created_at, kernel, status FROM runs ORDER BY created_at"
  keystorm query "SELECT mechanism, median FROM metrics WHERE metric = 'upcall.latency.p50' AND phase = 'steady'" latest
  keystorm query "SELECT run, oracle, evidence FROM verdicts WHERE verdict = 'fail'" --json | jq '.rows'
  keystorm query "DESCRIBE metrics"             the columns of a view: runs, boots, failures, metrics, samples, verdicts, windows

It needs DuckDB, which is not installed with the rest: without it, query says how to. Nothing is written, and the SQL
reaches neither files nor the network. Exit codes: 0 done, 2 usage, SQL that is none, no DuckDB.`;

export function declareQuery(command: Command, { output, finish }: CommandContext): void {
  command
    .argument('<sql>', 'one statement')
    .argument('[run...]', "runs' folders, their names in results/runs, or 'latest' (default: all in results/runs)")
    .option('--json', 'print one keystorm/query/1 document', false)
    .addHelpText('after', examples)
    .action(async (sql: string, runs: string[], { json }: { readonly json: boolean }) => {
      const document = await query(
        sql,
        runs.length > 0 ? runs.map((run) => judgedRun(runPath(run))) : allRuns(output.progress),
      );
      output.result(json ? JSON.stringify(document) : queryText(document));
      finish(0);
    });
}

/** All that can be read; of the others it is said why not. */
function allRuns(progress: CommandContext['output']['progress']): JudgedRun[] {
  return runFoldersIn(standardRunsDir).flatMap((dir) => {
    try {
      return [judgedRun(dir)];
    } catch (error) {
      if (!(error instanceof KeystormError)) throw error;
      progress.line(`left out: ${plainText(error.message)}`);
      return [];
    }
  });
}

function queryText({ columns, rows, runs }: QueryDocument): string {
  const text = (value: unknown) =>
    value === null ? '–' : plainText(typeof value === 'object' ? JSON.stringify(value) : String(value));
  const table = terminalTable({
    title: '',
    head: columns.map(({ name }) => name),
    rows: rows.map((row) => row.map(text)),
    notes: [],
  });
  return `${table}\n${count(rows.length, 'row')} from ${count(runs.length, 'run')}`;
}
