// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import type { Flags } from './actions/doctor.ts';
import type { CommandContext } from './context.ts';
import { addKernelOption } from './kernel-options.ts';

const examples = `
Examples:
  keystorm doctor                               what is here, what is missing, and the command that installs it
  keystorm doctor --probe                       also boot a tiny guest with KVM now, whatever is remembered
  keystorm doctor --no-network --json | jq '.checks[] | select(.status == "missing")'

Exit codes: 0 npm run bench can run here, 2 something that it needs is missing.`;

export function declareDoctor(command: Command, context: CommandContext): void {
  addKernelOption(command)
    .option('--probe', 'boot a tiny guest with KVM, whatever is remembered, and remember that', false)
    .option('--no-network', 'do not ask whether the mirrors can be reached (at most 10 s)')
    .option('--json', 'print one keystorm/doctor/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { doctor } = await import('./actions/doctor.ts');
      context.finish(await doctor(flags, context));
    });
}
