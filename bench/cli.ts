// SPDX-License-Identifier: MIT
// The command line. bench/bootstrap.mjs imports this file once the packages are there.
import { explain } from './commands/explain.ts';
import { main } from './commands/main.ts';
import { makeOutput } from './commands/output.ts';

const output = makeOutput();

/** Ends the process once what was written has been taken; whatever is still open by then is of no use to anybody. */
function end(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

process.on('uncaughtException', (error) => end(explain(error, output)));
process.on('unhandledRejection', (error) => end(explain(error, output)));

end(await main(process.argv.slice(2), output));
