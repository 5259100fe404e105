// SPDX-License-Identifier: MIT
/**
 * `pair` for `git bisect run`. Its exit codes are those of `pair` until bench/bootstrap.mjs, which sees every end of the process, makes
 * 125 of what is neither good nor bad: 2, 3 and 4.
 */
import type { Command } from 'commander';
import type { BisectFlags } from './actions/bisect.ts';
import type { CommandContext } from './context.ts';
import { addPairingOptions } from './pair.ts';
import { explainSides } from './side-options.ts';

const examples = `
Examples:
  keystorm bisect --base kernel=6.12,module=v1 --boots 20; echo $?     one step by hand
  git bisect start BAD GOOD
  git bisect run npm run -s keystorm -- bisect --base module=GOOD --scenario latency

Exit codes as git bisect run has them: 0 good: improved, or unchanged within delta; 1 bad: regressed; 125 cannot be told: too few
boots, another interface, a build that fails, a guest or harness that broke, usage; 130 or 143 interrupted, which ends the bisection. See docs/comparing.md.`;

export function declareBisect(command: Command, context: CommandContext): void {
  command
    .requiredOption('--base <guest>', 'the good one, such as module=v1 or kernel=6.12,module=v1; see pair')
    .option('--new <guest>', "likewise, what is asked about (default: base with the working tree's kernel modules)");
  explainSides(addPairingOptions(command), '--base')
    .addHelpText('after', examples)
    .action(async (flags: BisectFlags) => {
      const { bisect } = await import('./actions/bisect.ts');
      context.finish(await bisect(flags, context));
    });
}
