// SPDX-License-Identifier: MIT
import { type Command, Option } from 'commander';
import type { Plan } from '../../results/plan.ts';
import { readPlan } from '../../results/plan-file.ts';
import { Cache } from '../../vm/cache.ts';
import { type CommandContext, userPath } from './context.ts';
import { addKernelOption, kernelOf } from './kernel-options.ts';
import { type AccessFlags, accessOf, addAccessOptions, addMachineOption, machineProvider } from './machine-options.ts';

interface Flags extends AccessFlags {
  readonly plan?: string;
  readonly kernel?: string;
  readonly kernelTree?: string;
  readonly machine: string;
  readonly locked: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

const examples = `
Examples:
  keystorm prepare                              all that guests of the usual kernel need
  keystorm prepare --plan plan.json             all that this plan needs
  KEYSTORM_CACHE=/shared/keystorm keystorm prepare --kernel 7.2

With the same KEYSTORM_CACHE, which may be read-only by then, bench needs neither a network nor to be root.`;

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
    .action(async (flags: Flags) => context.finish(await prepare(flags, context)));
}

/** @throws KeystormError as the table of exit codes has it. */
async function prepare(flags: Flags, { output }: CommandContext): Promise<number> {
  const { machine, kernel, kernelTree, moduleCommit } = guestsOf(flags);
  await machineProvider(machine).prepare({
    ...{ kernel, kernelTree, moduleCommit, locked: flags.locked, noInstall: !flags.install, elsewhere: true },
    access: accessOf(flags),
    progress: (line) => output.progress.line(line),
  });
  const cache = Cache.standard().root;
  const document = { schema: 'keystorm/prepare/1', machine, kernel, kernelTree: kernelTree ?? null, cache };
  const text = `Guests of kernel ${kernelTree ?? kernel} can run on machine ${machine}; what they need is in ${cache}.`;
  output.result(flags.json ? JSON.stringify(document) : text);
  return 0;
}

/** What is prepared for: the accelerator is that of the host that runs them. */
function guestsOf(flags: Flags): Pick<Plan, 'machine' | 'kernel' | 'kernelTree' | 'moduleCommit'> {
  if (flags.plan !== undefined) return readPlan(userPath(flags.plan));
  return { machine: flags.machine, ...kernelOf(flags, machineProvider(flags.machine).abilities) };
}
