// SPDX-License-Identifier: MIT
// bench/bootstrap.mjs imports this file for `npm run calibrate:nightly`.
import { makeOutput } from '../../commands/output.ts';
import { runProgram } from '../../commands/program.ts';
import { calibrateCommand } from './command.ts';

const output = makeOutput();
const code = await runProgram(process.argv.slice(2), output, calibrateCommand);
process.stdout.write('', () => process.exit(code));
