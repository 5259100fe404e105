// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import type { ShellFlags } from './actions/shell.ts';
import { type CommandContext, wholeNumber } from './context.ts';
import { addKernelOption, addKernelTreeOption } from './kernel-options.ts';
import { addAccessOptions, addMachineOption } from './machine-options.ts';

const examples = `
Examples:
  keystorm shell                                a guest with the module, two containers and their agents, and a prompt in it
  keystorm shell --mechanism userns-fd --container 1
  keystorm shell -- ks-in c0 keyctl request2 user ks:hello none @s      one command, and its exit status
  keystorm shell --machine ssh:root@lab1        on a machine of yours: says first what it would change

In the guest, ks-in CONTAINER COMMAND runs a command in a container; these are called c0, c1 and so on. docs/explore.md shows what
can be tried. Exit codes: that of the command or of the shell; else 2 usage, 3 the guest or the harness broke, 130 or 143 interrupted.`;

const mostContainers = 64;

export function declareShell(command: Command, context: CommandContext): void {
  command
    .argument('[command...]', 'behind --: run it there instead, without a terminal')
    .option('--mechanism <name>', 'who answers in the containers, and how', 'keyagent-fd')
    .option('--container <n>', 'so many of them', wholeNumber(1, mostContainers), 2);
  addAccessOptions(addMachineOption(addKernelTreeOption(addKernelOption(command))))
    .option('--smp <n>', 'virtual processors', wholeNumber(1, 64), 1)
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .addHelpText('after', examples)
    .action(async (words: string[], flags: ShellFlags) => {
      const { shell } = await import('./actions/shell.ts');
      context.finish(await shell(words, flags, context));
    });
}
