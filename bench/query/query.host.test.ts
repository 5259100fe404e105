// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { duckdbPackage } from './duckdb.ts';
import { query, queryDocumentSchema } from './query.ts';
import { views } from './views.ts';

const test = suite('query', { timeoutMs: 170_000 });
test.after(removeTestRuns);

const name: string = duckdbPackage;
const installed = await import(name).then(
  () => true,
  () => false,
);
const refusal = (text: RegExp) => (error: unknown) =>
  error instanceof KeystormError && error.exitCode === 2 && text.test(error.message);

async function rejects(work: Promise<unknown>, text: RegExp): Promise<void> {
  try {
    await work;
  } catch (error) {
    assert.ok(refusal(text)(error), String(error));
    return;
  }
  assert.unreachable(`nothing was said of ${text}`);
}

if (installed) {
  test('every view has the rows of a run, by its columns', async () => {
    const { judged } = await testRun();
    for (const [view, { columns, rows }] of Object.entries(views)) {
      const document = queryDocumentSchema.parse(await query(`SELECT * FROM ${view}`, [judged]));
      assert.equal(
        document.columns.map((column) => column.name),
        Object.keys(columns),
      );
      assert.is(document.rows.length, rows(judged).length, view);
    }
    const medians = await query("SELECT median FROM metrics WHERE metric = 'upcall.latency.p50' AND phase = 'steady'", [
      judged,
    ]);
    assert.ok(Number(medians.rows[0]?.[0]) > 0);
    const times = await query('SELECT created_at FROM runs', [judged]);
    assert.is(times.columns[0]?.type, 'TIMESTAMP');
  });

  test('neither files nor settings are reached, nothing is written, and one statement is one', async () => {
    await rejects(query("SELECT * FROM read_csv('/etc/passwd')", []), /disabled/);
    await rejects(query("SELECT * FROM '/etc/passwd'", []), /does not take that/);
    await rejects(query("COPY (SELECT 1) TO '/tmp/keystorm-query'", []), /does not take that/);
    await rejects(query("ATTACH '/tmp/keystorm.db'", []), /does not take that/);
    await rejects(query('INSTALL httpfs', []), /does not take that/);
    await rejects(query('SET enable_external_access = true', []), /does not take that/);
    await rejects(query('CREATE TABLE t (a INTEGER)', []), /read-only/i);
    await rejects(query('SELECT 1; SELECT 2', []), /One question at a time: there are 2/);
    await rejects(query('SELEC 1', []), /does not take that: .*docs\/query.md/);
  });
} else {
  test.skip('every view, and what SQL must not reach', `${duckdbPackage} is not installed`);
  test('without the package its installation is said in one sentence', async () => {
    await rejects(query('SELECT 1', []), /needs DuckDB.* npm install .*@duckdb\/node-api@\d/);
  });
}

test.run();
