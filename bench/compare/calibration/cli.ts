// SPDX-License-Identifier: MIT
// bench/bootstrap.mjs imports this file for `npm run calibrate:compare`.
import { beProgram } from '../../commands/program.ts';
import { calibrateCommand } from './command.ts';

await beProgram(calibrateCommand);
