// SPDX-License-Identifier: MIT
/**
 * A guard around uvu. uvu alone exits 0 when a hook throws, when something that is no Error is thrown, when a file never
 * calls `run()`, when a promise never settles, and when `.only` hides the rest. Every test file imports `suite` from here
 * instead; the guard keeps its own count and hands it to the test runner, which demands passed = registered > 0.
 */
import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import * as uvu from 'uvu';
import { withDeadline } from './deadline.ts';

/** What one test file did, as the test runner reads it. */
export interface SuiteReport {
  name: string;
  /** The file it was registered by, when several share a process; see run-batch.ts. */
  file?: string | undefined;
  /** What hooks and tests took together. */
  ms: number;
  registered: number;
  passed: number;
  skipped: { name: string; why: string }[];
  failures: { test: string; message: string }[];
  ran: boolean;
}

type Body = () => unknown | Promise<unknown>;

export interface SuiteOptions {
  /** Bound on each test, in ms. Default 5 s: a unit test that needs more is not a unit test. */
  readonly timeoutMs?: number;
}

export interface Suite {
  (name: string, body: Body): void;
  /** Registers a test that cannot run here; it is reported as not run, with the reason, never as passed. */
  skip(name: string, why: string): void;
  before(hook: Body): void;
  after(hook: Body): void;
  beforeEach(hook: Body): void;
  afterEach(hook: Body): void;
  run(): void;
}

const reports: SuiteReport[] = [];

declare global {
  /** Set while a file is imported that shares its process with others. */
  var keystormTestFile: string | undefined;
}

/** Creates a suite; `name` says what it is about. Call `run()` last. */
export function suite(name: string, options: SuiteOptions = {}): Suite {
  const timeoutMs = options.timeoutMs ?? 5_000;
  const inner = uvu.suite(name);
  const file = globalThis.keystormTestFile;
  const report: SuiteReport = { name, file, ms: 0, registered: 0, passed: 0, skipped: [], failures: [], ran: false };
  reports.push(report);

  const bounded = async (what: string, body: Body) => {
    const begun = performance.now();
    try {
      await withDeadline(Promise.resolve().then(body), timeoutMs, what);
    } finally {
      report.ms += performance.now() - begun;
    }
  };

  const hook = (kind: string, body: Body) => async () => {
    try {
      await bounded(`${kind} hook`, body);
    } catch (thrown) {
      report.failures.push({ test: `${kind} hook`, message: describe(thrown) });
      throw asError(thrown);
    }
  };

  const register = (testName: string, body: Body): void => {
    report.registered++;
    inner(testName, async () => {
      try {
        await bounded(testName, body);
        report.passed++;
      } catch (thrown) {
        report.failures.push({ test: testName, message: describe(thrown) });
        throw asError(thrown);
      }
    });
  };

  return Object.assign(register, {
    skip: (testName: string, why: string) => void report.skipped.push({ name: testName, why }),
    before: (body: Body) => inner.before(hook('before', body)),
    after: (body: Body) => inner.after(hook('after', body)),
    beforeEach: (body: Body) => inner.before.each(hook('beforeEach', body)),
    afterEach: (body: Body) => inner.after.each(hook('afterEach', body)),
    run: () => {
      report.ran = true;
      inner.run();
    },
  });
}

/** True when every registered test of the report passed, and there was something to run or an honest skip. */
export function isGreen(report: SuiteReport): boolean {
  const something = report.registered > 0 || report.skipped.length > 0;
  return something && report.ran && report.failures.length === 0 && report.passed === report.registered;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(describe(thrown));
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : `threw ${inspect(thrown)}, which is no Error`;
}

process.on('exit', (code) => {
  const target = process.env.KEYSTORM_TEST_REPORT;
  if (target !== undefined) writeFileSync(target, JSON.stringify(reports));
  if (code === 0 && !reports.every(isGreen)) process.exitCode = 1;
});
