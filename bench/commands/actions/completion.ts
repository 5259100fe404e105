import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type CompletionModel, completionModel } from '../completion/model.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Shell } from '../completion.ts';
import type { CommandContext } from '../context.ts';
import { makeProgram } from '../main.ts';

const shells: Readonly<Record<Shell, (model: CompletionModel) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** @throws KeystormError as the table of exit codes has it. */
export async function completion(shell: Shell, context: CommandContext): Promise<number> {
  const program = await makeProgram(context);
  context.output.result(shells[shell](completionModel(program)));
  return 0;
}
