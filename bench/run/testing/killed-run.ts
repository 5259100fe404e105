// SPDX-License-Identifier: MIT
/** A process that does the small run of the tests and is killed at a file operation, a write half done: killed-run.ts DIR N */
import { writeSync } from 'node:fs';
import { testRun } from '../../testing/test-run.ts';
import { observed } from './operations.ts';
import { tinyPlan } from './tiny-plan.ts';

const [dir = '', at = ''] = process.argv.slice(2);

const files = observed([], (operation, n, args) => {
  if (n !== Number(at)) return;
  if (operation === 'write') {
    const [fd, bytes] = args as [number, Buffer];
    writeSync(fd, bytes.subarray(0, Math.floor(bytes.length / 2)));
  }
  process.kill(process.pid, 'SIGKILL');
});

await testRun({ made: tinyPlan(), dir, writer: { files } });
