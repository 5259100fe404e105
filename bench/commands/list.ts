// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import type { ListFlags } from './actions/list.ts';
import type { CommandContext } from './context.ts';
import { listNames } from './list-names.ts';

const examples = `
Examples:
  keystorm list                                 everything
  keystorm list scenarios                       also says which are part of which run
  keystorm list runs examples --json | jq -r '.runs[].path'

Exit codes: 0 listed, runs that cannot be read with the reason; 2 usage.`;

export function declareList(command: Command, context: CommandContext): void {
  command
    .argument('[what...]', `any of ${listNames.join(', ')} (default: all)`)
    .option('--json', 'print one keystorm/list/1 document', false)
    .addHelpText('after', examples)
    .action(async (asked: string[], flags: ListFlags) => {
      const { list } = await import('./actions/list.ts');
      context.finish(await list(asked, flags, context));
    });
}
