// SPDX-License-Identifier: MIT
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Apart, apart } from './alone.ts';
import { type Tier, testFiles } from './files.ts';
import { runChecker, runTestFile, runTestFiles, type StepResult } from './run-file.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bound on one file, on a busy host; of those that boot guests the first may build the image. */
export const fileBoundMs: Readonly<Record<Tier, number>> = { unit: 180_000, host: 600_000, guest: 600_000 };

// A reader that has gone (`| head`) is its own affair: the tests go on, and the exit code says how they ended.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

export type Step = () => Promise<readonly StepResult[]>;

/** Types, lint and unit tests; these in processes that they share, or `alone`: what needs another file's help then shows. */
export async function checkSteps(how: 'together' | 'alone'): Promise<Step[]> {
  const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
  return [
    async () => [await runChecker('types', bin('tsc'), [], root)],
    async () => [await runChecker('lint', bin('biome'), ['check', '--error-on-warnings', '.'], root)],
    ...(how === 'together' ? await batchSteps('unit') : (await testSteps('unit')).beside),
  ];
}

/** The tests without a guest whose path contains one of `names`. */
export async function namedSteps(names: readonly string[]): Promise<Apart<Step>> {
  const [unit, host] = [await testSteps('unit', names), await testSteps('host', names)];
  return { beside: [...unit.beside, ...host.beside], alone: [...unit.alone, ...host.alone] };
}

/** All files of a tier, in as many processes as there is room for, twice over: not all batches take equally long. */
async function batchSteps(tier: Tier): Promise<Step[]> {
  const files = await testFiles(root, tier);
  const batches = Array.from({ length: unitWidth * 2 }, (_, i) =>
    files.filter((_file, j) => j % (unitWidth * 2) === i),
  );
  return batches.filter((batch) => batch.length > 0).map((batch) => () => runTestFiles(root, batch, fileBoundMs[tier]));
}

/** The test files of a tier whose path contains one of `names`; none given: all. */
export async function testSteps(tier: Tier, names: readonly string[] = []): Promise<Apart<Step>> {
  const files = await testFiles(root, tier, names);
  return apart(files, (file) => async () => [await runTestFile(root, file, fileBoundMs[tier])]);
}

/** Runs steps side by side, then those that must be alone. */
export async function runApart({ beside, alone }: Apart<Step>): Promise<StepResult[]> {
  return [...(await runSteps(beside, unitWidth)), ...(await runSteps(alone, 1))];
}

/** Runs steps, `width` at a time, printing a line as each ends. */
export async function runSteps(steps: readonly Step[], width: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const queue = [...steps];
  const worker = async (): Promise<void> => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const ended = await step();
      results.push(...ended);
      for (const result of ended) report(result);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

function report(result: StepResult): void {
  const verdict = result.failed === 0 ? 'ok  ' : 'FAIL';
  console.log(
    `${verdict} ${result.name}  ${result.passed} passed, ${result.failed} failed, ${result.seconds.toFixed(1)} s`,
  );
  for (const skip of result.skipped) console.log(`     not run: ${skip}`);
  if (result.failed > 0) console.log(result.output.replace(/^/gm, '     '));
}

/** Prints the closing line, and sets the exit code: green needs at least one test passed and none failed. */
export function conclude(results: readonly StepResult[]): void {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  if (passed === 0) console.log('No test ran: nothing matches that name.');
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

/** How many test files run side by side. */
const unitWidth = Math.max(1, os.availableParallelism());
