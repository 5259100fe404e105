// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { programCommand } from '../../vm/host/program.ts';
import { choose } from '../plan/choose.ts';
import { plainText } from '../report/plain-text.ts';
import { type Listing, type ListName, lists, partWords } from './catalogue.ts';
import type { CommandContext } from './context.ts';

export const listNames = Object.keys(lists) as ListName[];

const examples = `
Examples:
  keystorm list                                 everything
  keystorm list scenarios                       also says which are part of which run
  keystorm list runs examples --json | jq -r '.runs[].path'`;

export function declareList(command: Command, { output, finish }: CommandContext): void {
  command
    .argument('[what...]', `any of ${listNames.join(', ')} (default: all)`)
    .option('--json', 'print one keystorm/list/1 document', false)
    .addHelpText('after', examples)
    .action((asked: string[], flags: { json: boolean }) => {
      const chosen = choose('list', listNames, asked) as ListName[];
      const listing: Listing = { schema: 'keystorm/list/1' };
      for (const name of chosen) Object.assign(listing, { [name]: lists[name]() });
      output.result(flags.json ? JSON.stringify(listing) : chosen.map((name) => text(name, listing)).join('\n\n'));
      finish(0);
    });
}

/** One list: a heading, then a line for each item. */
function text(name: ListName, listing: Listing): string {
  const lines = rows(name, listing);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...lines.map((row) => row[column]?.length ?? 0)));
  const aligned = lines.map((row) => row.map((word, i) => word.padEnd(widths[i] ?? 0)).join('  '));
  const body = aligned.length > 0 ? aligned : [none[name] ?? 'none'];
  return [name, ...body.map((line) => plainText(`  ${line}`).trimEnd())].join('\n');
}

/** The columns of a list; the last one is prose. */
function rows(name: ListName, listing: Listing): string[][] {
  if (name === 'scenarios') {
    return (listing.scenarios ?? []).map((each) => [each.name, partWords[each.partOf], each.description]);
  }
  if (name === 'faults') {
    return (listing.faults ?? []).map(({ name: fault, rows: numbers, target, needs, scenarios, description }) => {
      const needed = needs.length === 0 ? '' : `; needs ${needs.join(', ')}`;
      const where = scenarios.length === 0 ? '' : ` (${scenarios.join(', ')})`;
      return [fault, `row ${numbers.join(', ')}`, target, `${description}${needed}${where}`];
    });
  }
  if (name === 'kernels') {
    return (listing.kernels ?? []).map((each) => [
      each.name,
      each.cached ? 'in the cache' : 'not there yet',
      each.description,
    ]);
  }
  return (listing[name] ?? []).map((each) => [each.name, each.description]);
}

const none: Partial<Record<ListName, string>> = { runs: `none yet: \`${programCommand()} bench\` makes one` };
