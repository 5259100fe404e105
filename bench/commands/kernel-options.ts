// SPDX-License-Identifier: MIT
/** Which kernel a command is for. */
import { type Command, Option } from 'commander';
import { primaryKernel } from '../../vm/image/primary-kernel.ts';

/** As commander gives them. */
export interface KernelFlags {
  readonly kernel?: string;
  readonly kernelTree?: string;
}

export function addKernelOption(command: Command): Command {
  return command.option('--kernel <name>', `one of list kernels (default: ${primaryKernel})`);
}

export function addKernelTreeOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--kernel-tree <dir>',
      'a kernel of your own: the folder it was built in; it is booted, and our modules are compiled against it',
    ).conflicts('kernel'),
  );
}
