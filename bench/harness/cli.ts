// SPDX-License-Identifier: MIT
// bench/bootstrap.mjs imports this file for `npm run bench:harness`.
import { beProgram } from '../commands/program.ts';
import { harnessCommand } from './command.ts';

await beProgram(harnessCommand);
