// SPDX-License-Identifier: MIT
// `run-batch.ts FILE…`: unit test files, one after the other in one process. Most of what a unit test file takes alone is the
// start of a process and the loading of what all of them load. Which suite is whose stands in its report.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

declare global {
  // uvu's own: it then queues suites by file and leaves it to us when they begin.
  var UVU_DEFER: number | undefined;
  var UVU_QUEUE: unknown[][];
  var UVU_INDEX: number;
}

const files = process.argv.slice(2);
globalThis.UVU_DEFER = 1;
globalThis.UVU_QUEUE = files.map((file) => [file]);

const { exec } = await import('uvu');
for (const [index, file] of files.entries()) {
  globalThis.UVU_INDEX = index;
  globalThis.keystormTestFile = file;
  await import(pathToFileURL(path.resolve(file)).href);
}
await exec();
