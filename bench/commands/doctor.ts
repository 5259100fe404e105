// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { primaryKernel } from '../../vm/image/kernels.ts';
import type { CommandContext } from './context.ts';
import { examine } from './doctor/examine.ts';
import { gatherFacts } from './doctor/facts.ts';
import { doctorText } from './doctor/text.ts';
import { addKernelOption, demandKernel } from './kernel-options.ts';

interface Flags {
  readonly kernel?: string;
  readonly probe: boolean;
  readonly network: boolean;
  readonly json: boolean;
}

const examples = `
Examples:
  keystorm doctor                               what is here, what is missing, and the command that installs it
  keystorm doctor --probe                       also boot a tiny guest with KVM now, whatever is remembered
  keystorm doctor --no-network --json | jq '.checks[] | select(.status == "missing")'

Exit codes: 0 npm run bench can run here, 2 something that it needs is missing.`;

export function declareDoctor(command: Command, { output, finish }: CommandContext): void {
  addKernelOption(command)
    .option('--probe', 'boot a tiny guest with KVM, whatever is remembered, and remember that', false)
    .option('--no-network', 'do not ask whether the mirrors can be reached (at most 10 s)')
    .option('--json', 'print one keystorm/doctor/1 document', false)
    .addHelpText('after', examples)
    .action(async ({ kernel = primaryKernel, probe, network, json }: Flags) => {
      demandKernel(kernel);
      const facts = await gatherFacts({ kernel, probe, network, progress: (line) => output.progress.line(line) });
      const document = examine(facts);
      output.result(json ? JSON.stringify(document) : doctorText(document, output.colour));
      finish(document.purposes.find(({ name }) => name === 'bench')?.possible === true ? 0 : 2);
    });
}
