// SPDX-License-Identifier: MIT
// bench/bootstrap.mjs imports this file for `npm run bench:harness`.
import { makeOutput } from '../commands/output.ts';
import { runProgram } from '../commands/program.ts';
import { harnessCommand } from './command.ts';

const output = makeOutput();
const code = await runProgram(process.argv.slice(2), output, harnessCommand);
process.stdout.write('', () => process.exit(code));
