import type { Plan } from '../../../results/plan.ts';
import { readPlan } from '../../../results/plan-file.ts';
import { Cache } from '../../../vm/cache.ts';
import { type CommandContext, userPath } from '../context.ts';
import { type AccessFlags, accessOf } from '../machine-options.ts';
import { kernelOf } from './kernel-choice.ts';
import { machineProvider } from './machine-provider.ts';

export interface Flags extends AccessFlags {
  readonly plan?: string;
  readonly kernel?: string;
  readonly kernelTree?: string;
  readonly machine: string;
  readonly locked: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function prepare(flags: Flags, { output }: CommandContext): Promise<number> {
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
