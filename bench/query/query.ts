// SPDX-License-Identifier: MIT
/** One question in SQL to stored runs. They are read by the same code as by every other command, and only its rows reach the database. */
import { z } from 'zod';
import { KeystormError } from '../../vm/failure.ts';
import { type Connection, withDuckDb } from './duckdb.ts';
import { type Judged, type Value, type View, views } from './views.ts';

export const querySchemaName = 'keystorm/query/1';

/** What `query --json` prints. */
export const queryDocumentSchema = z.strictObject({
  schema: z.literal(querySchemaName),
  /** Folders of the runs that were asked. */
  runs: z.array(z.string()),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  /** A value a column; whole numbers beyond 2^53, dates and the like are texts. */
  rows: z.array(z.array(z.unknown())),
});
export type QueryDocument = z.infer<typeof queryDocumentSchema>;

/** @throws KeystormError (2) without DuckDB, and for what it does not understand or must not do. */
export async function query(sql: string, runs: readonly Judged[]): Promise<QueryDocument> {
  return withDuckDb(async (connection) => {
    for (const [name, view] of Object.entries(views)) await fill(connection, name, view, runs);
    // From here on nothing can be opened again, whatever is asked.
    await connection.run('SET lock_configuration = true');
    await demandOne(connection, sql);
    try {
      await connection.run('BEGIN TRANSACTION READ ONLY');
      const reader = await connection.runAndReadAll(sql);
      const [names, types] = [reader.columnNames(), reader.columnTypes()];
      return {
        schema: querySchemaName,
        runs: runs.map(({ run }) => run.dir),
        columns: names.map((name, i) => ({ name, type: String(types[i]) })),
        rows: reader.getRowsJson(),
      };
    } catch (error) {
      throw refused(error);
    }
  });
}

async function demandOne(connection: Connection, sql: string): Promise<void> {
  let count: number;
  try {
    ({ count } = await connection.extractStatements(sql));
  } catch (error) {
    throw refused(error);
  }
  if (count !== 1) throw new KeystormError(`One question at a time: there are ${count} statements in the SQL.`);
}

function refused(error: unknown): KeystormError {
  const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new KeystormError(
    `DuckDB does not take that: ${why.replace(/\.$/, '')}; views and their columns are in docs/query.md, \`DESCRIBE metrics\` shows those of one.`,
    2,
    { cause: error },
  );
}

/** A table of what was read; a view of it gives times their type. */
async function fill(
  connection: Connection,
  name: string,
  { columns, rows }: View,
  runs: readonly Judged[],
): Promise<void> {
  const table = `stored_${name}`;
  const stored = Object.entries(columns).map(
    ([column, type]) => `"${column}" ${type === 'TIMESTAMP' ? 'VARCHAR' : type}`,
  );
  await connection.run(`CREATE TABLE ${table} (${stored.join(', ')})`);
  const appender = await connection.createAppender(table);
  const append = (value: Value | undefined) => {
    if (value === null || value === undefined) appender.appendNull();
    else if (typeof value === 'string') appender.appendVarchar(value);
    else if (typeof value === 'number') appender.appendDouble(value);
    else appender.appendBoolean(value);
  };
  for (const run of runs) {
    for (const row of rows(run)) {
      for (const column of Object.keys(columns)) append(row[column]);
      appender.endRow();
    }
    appender.flushSync();
  }
  appender.closeSync();
  const shown = Object.entries(columns).map(([column, type]) =>
    type === 'TIMESTAMP' ? `CAST("${column}" AS TIMESTAMP) AS "${column}"` : `"${column}"`,
  );
  await connection.run(`CREATE VIEW ${name} AS SELECT ${shown.join(', ')} FROM ${table}`);
}
