// SPDX-License-Identifier: MIT
/** Options that bench has and commands of two guests have not, as there they are parts of a side. */
import { type Command, Option } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import type { Subject } from '../pair/subject.ts';

const optionOf: Readonly<Record<keyof Subject, string>> = {
  kernel: '--kernel <name>',
  tree: '--kernel-tree <dir>',
  module: '--module <revision>',
  arrangement: '--arrangement <n>',
  delay: '--agent-delay <ns>',
  instructions: '--path-instructions <n>',
};

/** Whoever gives one of them is told how `side`, such as '--base', takes it (KeystormError, 2). Help and completion know nothing of them. */
export function explainSides(command: Command, side: string): Command {
  for (const [part, flags] of Object.entries(optionOf)) {
    const option = new Option(flags).hideHelp().argParser((value) => {
      const [name] = flags.split(' ');
      throw new KeystormError(
        `${command.name()} has no ${name}, as it measures two guests: say it of each that it is meant for, as in ${side} ${part}=${value} or --new ${part}=${value}.`,
      );
    });
    command.addOption(option);
  }
  return command;
}
