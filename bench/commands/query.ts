// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import type { QueryFlags } from './actions/query.ts';
import type { CommandContext } from './context.ts';

const examples = `
Examples:
  keystorm query "SELECT run, created_at, kernel, status FROM runs ORDER BY created_at"
  keystorm query "SELECT mechanism, median FROM metrics WHERE metric = 'upcall.latency.p50' AND phase = 'steady'" latest
  keystorm query "SELECT run, oracle, evidence FROM verdicts WHERE verdict = 'fail'" --json | jq '.rows'
  keystorm query "DESCRIBE metrics"             the columns of a view: runs, boots, failures, metrics, samples, verdicts, windows

It needs DuckDB, which is not installed with the rest: without it, query says how to. Nothing is written, and the SQL
reaches neither files nor the network. Exit codes: 0 done, 2 usage, SQL that is none, no DuckDB.`;

export function declareQuery(command: Command, context: CommandContext): void {
  command
    .argument('<sql>', 'one statement')
    .argument('[run...]', "runs' folders, their names in results/runs, or 'latest' (default: all in results/runs)")
    .option('--json', 'print one keystorm/query/1 document', false)
    .addHelpText('after', examples)
    .action(async (sql: string, runs: string[], flags: QueryFlags) => {
      const { queryRuns } = await import('./actions/query.ts');
      context.finish(await queryRuns(sql, runs, flags, context));
    });
}
