// SPDX-License-Identifier: MIT
/**
 * DuckDB, if it is installed: an optional package, of which only what is used here is said. It is not in package.json, since npm ci would then fetch its 70 MB for
 * everybody, or, as an optional peer, npm install would not fetch it when it is asked to.
 */
import { KeystormError } from '../../vm/failure.ts';

export const duckdbPackage = '@duckdb/node-api';
const duckdbVersion = '1.5.6-r.1';
export const duckdbInstallCommand = `npm install --no-save --no-package-lock ${duckdbPackage}@${duckdbVersion}`;

interface Reader {
  columnNames(): string[];
  columnTypes(): { toString(): string }[];
  /** Values that JSON has; numbers that JavaScript would round are texts. */
  getRowsJson(): unknown[][];
}

interface Appender {
  appendVarchar(value: string): void;
  appendDouble(value: number): void;
  appendBoolean(value: boolean): void;
  appendNull(): void;
  endRow(): void;
  flushSync(): void;
  closeSync(): void;
}

export interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<Reader>;
  createAppender(table: string): Promise<Appender>;
  extractStatements(sql: string): Promise<{ readonly count: number }>;
  closeSync(): void;
}

interface Instance {
  connect(): Promise<Connection>;
  closeSync(): void;
}

interface Module {
  readonly DuckDBInstance: { create(path: string, options: Readonly<Record<string, string>>): Promise<Instance> };
}

/** In memory, and shut off from files and the network from the start. */
const settings = {
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  threads: '2',
  memory_limit: '1GB',
};

/** Does `work` with a database of its own. @throws KeystormError (2) when the package is not installed. */
export async function withDuckDb<T>(
  work: (connection: Connection) => Promise<T>,
  load: () => Promise<unknown> = loadPackage,
): Promise<T> {
  const { DuckDBInstance } = (await load()) as Module;
  const instance = await DuckDBInstance.create(':memory:', settings);
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** Whether it is there, and for this machine: loading it is the only way to know. */
export async function hasDuckDb(load: () => Promise<unknown> = loadPackage): Promise<boolean> {
  return load().then(
    () => true,
    () => false,
  );
}

/** @throws KeystormError (2) when it is not there, or is not for this machine. */
async function loadPackage(): Promise<unknown> {
  // A name that is not written out: nobody who does without the package shall miss its types.
  const name: string = duckdbPackage;
  try {
    return await import(name);
  } catch (error) {
    throw new KeystormError(`query needs DuckDB, which is not installed; install it with: ${duckdbInstallCommand}`, 2, {
      cause: error,
    });
  }
}
