import { programCommand } from '../../../vm/host/program.ts';
import { choose } from '../../plan/choose.ts';
import { plainText } from '../../report/plain-text.ts';
import type { CommandContext } from '../context.ts';
import { type ListName, listNames } from '../list-names.ts';
import { type Listing, lists, partWords } from './catalogue.ts';

export interface ListFlags {
  readonly json: boolean;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function list(asked: readonly string[], flags: ListFlags, { output }: CommandContext): Promise<number> {
  const chosen = choose('list', listNames, asked) as ListName[];
  const listing: Listing = { schema: 'keystorm/list/1' };
  for (const name of chosen) Object.assign(listing, { [name]: lists[name]() });
  output.result(flags.json ? JSON.stringify(listing) : chosen.map((name) => text(name, listing)).join('\n\n'));
  return 0;
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
