// SPDX-License-Identifier: MIT
import path from 'node:path';
import type { Command } from 'commander';
import { readRun } from '../../results/run-reader.ts';
import { scenarios } from '../../scenarios/index.ts';
import { KeystormError } from '../../vm/failure.ts';
import { mechanisms } from '../mechanisms/index.ts';
import { choose } from '../plan/choose.ts';
import { plainText } from '../report/plain-text.ts';
import { runFoldersIn, standardRunsDir } from '../run/run-folder.ts';
import { count } from '../words.ts';
import type { CommandContext } from './context.ts';
import { kernelNames } from './plan-options.ts';

interface Item {
  readonly name: string;
  readonly description: string;
}

/** What can be listed, and how it is found. */
const lists: Readonly<Record<string, () => Item[]>> = {
  mechanisms: () => mechanisms.map(({ mechanism, description }) => ({ name: mechanism.name, description })),
  scenarios: () => scenarios.map(({ name, question }) => ({ name, description: question })),
  kernels: () => kernelNames().map((name) => ({ name, description: '' })),
  runs: () => runFoldersIn(standardRunsDir).map(describeRun),
};

const examples = `
Examples:
  keystorm list                                 everything
  keystorm list runs`;

export function addListCommand(program: Command, { output, finish }: CommandContext): void {
  program
    .command('list')
    .description('list mechanisms, scenarios, kernels and runs')
    .argument('[what...]', Object.keys(lists).join(', '))
    .option('--json', 'print one keystorm/list/1 document', false)
    .addHelpText('after', examples)
    .action((asked: string[], flags: { json: boolean }) => {
      const what = choose('list', Object.keys(lists), asked);
      const found = what.map((name): [string, Item[]] => [name, lists[name]?.() ?? []]);
      if (flags.json) output.result(JSON.stringify({ schema: 'keystorm/list/1', ...Object.fromEntries(found) }));
      else output.result(found.map(([name, items]) => [name, ...items.map(itemLine)].join('\n')).join('\n\n'));
      finish(0);
    });
}

function itemLine({ name, description }: Item): string {
  return plainText(`  ${name.padEnd(24)} ${description}`).trimEnd();
}

/** A folder that cannot be read is listed with the reason, not left out. */
function describeRun(dir: string): Item {
  const name = path.basename(dir);
  try {
    const { manifest, status } = readRun(dir);
    const { machine, kernel, boots, cells } = manifest.plan;
    return {
      name,
      description: `${status}, ${machine}, kernel ${kernel}, ${count(boots.length, 'boot')} of ${count(cells.length, 'cell')}`,
    };
  } catch (error) {
    if (error instanceof KeystormError) return { name, description: `unreadable: ${error.message}` };
    throw error;
  }
}
