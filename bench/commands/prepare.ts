// SPDX-License-Identifier: MIT
import { type Command, Option } from 'commander';
import type { Flags } from './actions/prepare.ts';
import type { CommandContext } from './context.ts';
import { addKernelOption } from './kernel-options.ts';
import { addAccessOptions, addMachineOption } from './machine-options.ts';

const examples = `
Examples:
  keystorm prepare                              all that guests of the usual kernel need
  keystorm prepare --plan plan.json             all that this plan needs
  KEYSTORM_CACHE=/shared/keystorm keystorm prepare --kernel 7.2

With the same KEYSTORM_CACHE, which may be read-only by then, bench needs neither a network nor to be root.

Exit codes: 0 it is all there; 2 usage, or this host lacks something: a package, a mirror that answers; 3 what was fetched is not
what it should be, a build broke, or the disk.`;

export function declarePrepare(command: Command, context: CommandContext): void {
  command.addOption(
    new Option('--plan <file>', 'for the guests of this plan').conflicts(['kernel', 'kernelTree', 'machine']),
  );
  addAccessOptions(addMachineOption(addKernelOption(command)))
    .addOption(
      new Option('--kernel-tree <dir>', 'for a kernel of your own: the folder it was built in').conflicts('kernel'),
    )
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print one keystorm/prepare/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { prepare } = await import('./actions/prepare.ts');
      context.finish(await prepare(flags, context));
    });
}
