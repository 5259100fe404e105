// SPDX-License-Identifier: MIT
// bench/bootstrap.mjs imports this file for `npm run simulate`.
import { beProgram } from '../commands/program.ts';
import { simulateCommand } from './command.ts';

await beProgram(simulateCommand);
