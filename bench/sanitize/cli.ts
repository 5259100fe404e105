// SPDX-License-Identifier: MIT
// bench/bootstrap.mjs imports this file for `npm run sanitize`.
import { beProgram } from '../commands/program.ts';
import { sanitizeCommand } from './command.ts';

await beProgram(sanitizeCommand);
