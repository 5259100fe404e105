// SPDX-License-Identifier: MIT
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { testFiles } from './files.ts';
import { runChecker, runTestFile, type StepResult } from './run-file.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bound on one file: a unit test file, and one that boots guests (the first of which may build the image). */
const unitFileBoundMs = 60_000;
const guestFileBoundMs = 600_000;

type Step = () => Promise<StepResult>;

/** Types, lint and unit tests. */
export async function checkSteps(filter = ''): Promise<Step[]> {
  const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
  const unit = (await testFiles(root, 'unit', filter)).map((file) => () => runTestFile(root, file, unitFileBoundMs));
  if (filter !== '') return unit;
  return [
    () => runChecker('types', bin('tsc'), [], root),
    () => runChecker('lint', bin('biome'), ['check', '--error-on-warnings', '.'], root),
    ...unit,
  ];
}

/** Tests that boot a real kernel. */
export async function guestSteps(filter = ''): Promise<Step[]> {
  return (await testFiles(root, 'guest', filter)).map((file) => () => runTestFile(root, file, guestFileBoundMs));
}

/** Runs steps, `width` at a time, printing a line as each ends. */
export async function runSteps(steps: readonly Step[], width: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const queue = [...steps];
  const worker = async (): Promise<void> => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const result = await step();
      results.push(result);
      report(result);
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

/** How many unit test files run side by side. */
export const unitWidth = Math.max(1, os.availableParallelism());
