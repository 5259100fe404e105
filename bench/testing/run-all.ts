// SPDX-License-Identifier: MIT
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Tier, testFiles } from './files.ts';
import { runChecker, runTestFile, type StepResult } from './run-file.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bound on one file; of those that boot guests the first may build the image. */
const fileBoundMs: Readonly<Record<Tier, number>> = { unit: 60_000, host: 180_000, guest: 600_000 };

type Step = () => Promise<StepResult>;

/** Types, lint and unit tests; with a filter only tests, also those that run programs of the host for seconds. */
export async function checkSteps(filter = ''): Promise<Step[]> {
  if (filter !== '') return [...(await testSteps('unit', filter)), ...(await testSteps('host', filter))];
  const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
  return [
    () => runChecker('types', bin('tsc'), [], root),
    () => runChecker('lint', bin('biome'), ['check', '--error-on-warnings', '.'], root),
    ...(await testSteps('unit', filter)),
  ];
}

/** The test files of a tier. */
export async function testSteps(tier: Tier, filter = ''): Promise<Step[]> {
  return (await testFiles(root, tier, filter)).map((file) => () => runTestFile(root, file, fileBoundMs[tier]));
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

/** How many test files that need no guest run side by side. */
export const unitWidth = Math.max(1, os.availableParallelism());
