// SPDX-License-Identifier: MIT
/** `npm run simulate`: campaigns against the harness itself, or one of them again. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../commands/context.ts';
import { settle } from '../commands/program.ts';
import { count as counted } from '../words.ts';
import { drawCampaign } from './campaign.ts';
import { complaintsAbout } from './invariants/index.ts';
import { simulateSideBySide } from './side-by-side.ts';
import { failedText } from './simulated.ts';
import { traceOf } from './trace.ts';
import { enact } from './world.ts';

/** Campaigns between two words of how far it is. */
const progressEvery = 1_000;

interface Flags {
  readonly seed?: number;
  readonly first: number;
  readonly count: number;
  readonly json: boolean;
}

const examples = `
Examples:
  npm run simulate                              500 campaigns
  npm run simulate -- --first 1000 --count 100000   in as many processes as there are processors
  npm run simulate -- --seed 1234               one campaign, with all that was drawn and happened in it

Exit codes: 0 every invariant held, 1 one did not, 2 usage, 3 one could not be simulated to its end.`;

export function simulateCommand({ output, finish }: CommandContext): Command {
  const command = new Command('simulate');
  settle(command, output);
  return command
    .description(
      'run small plans on fake guests and disks that misbehave as a seed has it, and check what the harness makes of it',
    )
    .addOption(
      new Option('--seed <n>', 'this campaign alone, and show it')
        .argParser(whole)
        .conflicts(['first', 'count', 'json']),
    )
    .option('--first <n>', 'the first seed', whole, 0)
    .option('--count <n>', 'how many campaigns', atLeastOne, 500)
    .option('--json', 'print the outcome of many as JSON', false)
    .addHelpText('after', examples)
    .action(async ({ seed, first, count, json }: Flags) => {
      if (seed !== undefined) {
        const outcome = await enact(drawCampaign(seed));
        output.result(traceOf(outcome).join('\n'));
        finish(complaintsAbout(outcome).length === 0 ? 0 : 1);
        return;
      }
      let said = 0;
      const told = (done: number) => {
        if (done - said < progressEvery) return;
        said = done;
        output.progress.line(`${done} of ${count} campaigns`);
      };
      const simulated = await simulateSideBySide(first, count, { told });
      const { campaigns, failed, tally } = simulated;
      if (json) output.result(JSON.stringify(simulated));
      else {
        const seen = Object.entries(tally).map(([word, times]) => `${word} ${times}`);
        output.result(
          `${seen.join(', ')}\n${failedText(failed)}\n${counted(campaigns, 'campaign')}, ${failed.length} failed`,
        );
      }
      finish(failed.length === 0 ? 0 : 1);
    });
}

/** For commander. */
function atLeastOne(text: string): number {
  const value = whole(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be at least 1.');
}

/** Likewise. */
function whole(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value < 2 ** 31) return value;
  throw new InvalidArgumentError('It must be a whole number below 2^31.');
}
