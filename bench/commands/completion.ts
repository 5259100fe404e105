// SPDX-License-Identifier: MIT
import { Argument, type Command } from 'commander';
import { type Shell, shells } from './completion/shells.ts';
import type { CommandContext } from './context.ts';

const examples = `
Examples:
  keystorm completion bash > ~/.local/share/bash-completion/completions/keystorm
  source <(keystorm completion bash)            for this shell only
  keystorm completion zsh > "\${fpath[1]}/_keystorm"
  keystorm completion fish > ~/.config/fish/completions/keystorm.fish

It completes commands, options, mechanisms, scenarios, kernels and runs. Make it anew when those have changed (runs are
always looked up). A keystorm to complete is put into your PATH from a checkout by:
  ln -s "$PWD/bench/bootstrap.mjs" ~/.local/bin/keystorm

Exit codes: 0 printed; 2 usage.`;

export function declareCompletion(command: Command, context: CommandContext, whole: () => Promise<Command>): void {
  command
    .addArgument(new Argument('<shell>', 'which shell').choices([...shells]))
    .addHelpText('after', examples)
    .action(async (shell: Shell) => {
      const { completion } = await import('./actions/completion.ts');
      context.finish(completion(shell, await whole(), context));
    });
}
