// SPDX-License-Identifier: MIT
/**
 * `pair` for `git bisect run`. Its exit codes are those of `pair` until bench/bootstrap.mjs, which sees every end of the process, makes
 * 125 of what is neither good nor bad: 2, 3 and 4.
 */
import type { Command } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { parseSubject, type Subject } from '../pair/subject.ts';
import type { CommandContext } from './context.ts';
import { addPairingOptions, type PairingFlags, pair } from './pair.ts';

interface BisectFlags extends PairingFlags {
  readonly base: string;
  readonly new?: string;
}

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
  addPairingOptions(command)
    .addHelpText('after', examples)
    .action(async (flags: BisectFlags) => {
      const base = parseSubject('--base', flags.base);
      const asked = flags.new === undefined ? workingTree(base, flags.base) : parseSubject('--new', flags.new);
      const code = await pair({ base, new: asked }, flags, context);
      context.output.progress.line(`bisect   ${words[code] ?? 'interrupted'}`);
      context.finish(code);
    });
}

const words: Readonly<Record<number, string>> = { 0: 'good', 1: 'bad', 4: 'cannot be told' };

/** The same guest with the modules as they are checked out. @throws KeystormError (2) when it is the same altogether. */
export function workingTree({ module, ...guest }: Subject, text: string): Subject {
  if (module !== undefined) return guest;
  throw new KeystormError(
    `--base ${text} has no module, and would be held against itself: add module=REVISION, or say --new.`,
  );
}
