import type { Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type CompletionModel, completionModel } from '../completion/model.ts';
import type { Shell } from '../completion/shells.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { CommandContext } from '../context.ts';

const shells: Readonly<Record<Shell, (model: CompletionModel) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `program`: with all its commands, and all that belongs to them. @throws KeystormError as the table of exit codes has it. */
export function completion(shell: Shell, program: Command, { output }: CommandContext): number {
  output.result(shells[shell](completionModel(program)));
  return 0;
}
