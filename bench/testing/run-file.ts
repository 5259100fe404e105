// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isGreen, type SuiteReport } from './suite.ts';

/** What became of one step: a test file, the type check or the linter. */
export interface StepResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  readonly seconds: number;
  /** Output to show when something failed. */
  readonly output: string;
}

interface ProcessResult {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
}

/** Runs a program with a bound; at the bound it is killed, with a line saying so in its output. */
function runProcess(command: string, args: string[], cwd: string, boundMs: number, env = {}): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const begun = Date.now();
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setTimeout(() => {
      output += `\nkilled: it did not end within its bound of ${boundMs / 1000} s\n`;
      child.kill('SIGKILL');
    }, boundMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output, seconds: (Date.now() - begun) / 1000 });
    });
  });
}

/** Runs a checker whose exit code is its verdict; counts as one test. */
export async function runChecker(name: string, command: string, args: string[], cwd: string): Promise<StepResult> {
  const { code, output, seconds } = await runProcess(command, args, cwd, 120_000);
  const ok = code === 0;
  return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], seconds, output };
}

/** Runs one test file in a process of its own and counts from the guard's report, not from the exit code alone. */
export async function runTestFile(root: string, file: string, boundMs: number, env = {}): Promise<StepResult> {
  const { code, output, seconds, reports } = await runReported(root, [file], boundMs, env);
  return { name: file, seconds, output: `${output}${hookFailures(reports)}`, ...count(reports, code) };
}

/** uvu says nothing of a hook that threw: without this a guest that did not boot is a row of tests that did not run, and no reason. */
function hookFailures(reports: readonly SuiteReport[]): string {
  const hooks = reports.flatMap(({ failures }) => failures).filter(({ test }) => test.endsWith(' hook'));
  return hooks.map(({ test, message }) => `\n${test}: ${message}\n`).join('');
}

/**
 * Runs test files together in one process, `boundMs` for each of them. What is not beyond doubt green there is run again in a
 * process of its own, and that counts: a failure must be a file's own, and its output must be seen.
 */
export async function runTestFiles(root: string, files: readonly string[], boundMs: number): Promise<StepResult[]> {
  const batch = path.join(root, 'bench/testing/run-batch.ts');
  const { code, reports } = await runReported(root, [batch, ...files], boundMs * files.length);
  const results: StepResult[] = [];
  for (const file of files) {
    const own = reports.filter((report) => report.file === file);
    const counted = count(own, 0);
    const seconds = own.reduce((sum, { ms }) => sum + ms, 0) / 1000;
    if (code === 0 && counted.failed === 0) results.push({ name: file, seconds, output: '', ...counted });
    else results.push(await runTestFile(root, file, boundMs));
  }
  return results;
}

async function runReported(root: string, words: readonly string[], boundMs: number, env = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'keystorm-test-'));
  const reportFile = path.join(folder, 'report.json');
  try {
    const args = ['--import', 'tsx', ...words];
    const result = await runProcess(process.execPath, args, root, boundMs, {
      ...env,
      KEYSTORM_TEST_REPORT: reportFile,
    });
    return { ...result, reports: readReport(reportFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): SuiteReport[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SuiteReport[];
  } catch {
    return []; // The process died before its exit hook, or never imported the guard: counted as a failure below.
  }
}

/** A file fails as a whole (one more failure) when the guard and the exit code disagree, or nothing was registered. */
export function count(
  reports: readonly SuiteReport[],
  code: number | null,
): Pick<StepResult, 'passed' | 'failed' | 'skipped'> {
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for (const report of reports) {
    passed += report.passed;
    const notGreen = report.registered - report.passed;
    failed += isGreen(report) ? 0 : Math.max(1, notGreen);
    skipped.push(...report.skipped.map((skip) => `${report.name}: ${skip.name} (${skip.why})`));
  }
  if (reports.length === 0 || (code !== 0 && failed === 0)) failed++;
  return { passed, failed, skipped };
}
