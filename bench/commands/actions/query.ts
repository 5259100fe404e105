import { KeystormError } from '../../../vm/failure.ts';
import { type QueryDocument, query } from '../../query/query.ts';
import { plainText } from '../../report/plain-text.ts';
import { terminalTable } from '../../report/tables/table-model.ts';
import { runFoldersIn, standardRunsDir } from '../../run/run-folder.ts';
import { count } from '../../words.ts';
import type { CommandContext } from '../context.ts';
import { type JudgedRun, judgedRun } from './judged-run.ts';
import { runPaths } from './run-path.ts';

export interface QueryFlags {
  readonly json: boolean;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function queryRuns(
  sql: string,
  runs: readonly string[],
  { json }: QueryFlags,
  { output }: CommandContext,
): Promise<number> {
  const named = runPaths(runs, (line) => output.progress.line(line)).map(judgedRun);
  const document = await query(sql, runs.length > 0 ? named : allRuns(output.progress));
  output.result(json ? JSON.stringify(document) : queryText(document));
  return 0;
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
