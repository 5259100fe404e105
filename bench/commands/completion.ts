// SPDX-License-Identifier: MIT
import { Argument, type Command } from 'commander';
import { bashCompletion } from './completion/bash.ts';
import { fishCompletion } from './completion/fish.ts';
import { type CompletionModel, completionModel } from './completion/model.ts';
import { zshCompletion } from './completion/zsh.ts';
import type { CommandContext } from './context.ts';
import { makeProgram } from './main.ts';

const shells: Readonly<Record<string, (model: CompletionModel) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const examples = `
Examples:
  keystorm completion bash > ~/.local/share/bash-completion/completions/keystorm
  source <(keystorm completion bash)            for this shell only
  keystorm completion zsh > "\${fpath[1]}/_keystorm"
  keystorm completion fish > ~/.config/fish/completions/keystorm.fish

It completes commands, options, mechanisms, scenarios, kernels and runs. Make it anew when those have changed (runs are
always looked up). A keystorm to complete is put into your PATH from a checkout by:
  ln -s "$PWD/bench/bootstrap.mjs" ~/.local/bin/keystorm`;

export function declareCompletion(command: Command, context: CommandContext): void {
  command
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(shells)))
    .addHelpText('after', examples)
    .action(async (shell: string) => {
      const program = await makeProgram(context);
      context.output.result(shells[shell]?.(completionModel(program)) ?? '');
      context.finish(0);
    });
}
