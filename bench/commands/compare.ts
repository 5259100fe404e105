// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { readRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { citationsOf } from '../calibrate/store.ts';
import { compare, exitCodeOf } from '../compare/compare.ts';
import { compareDocument } from '../compare/document.ts';
import type { Choice, ComparisonRules } from '../compare/figures.ts';
import { rulesFixedFor, rulesNote } from '../compare/fixed-rules.ts';
import { comparedNames } from '../compare/judged.ts';
import { mechanismsAsSides, runsAsSides, type Sides } from '../compare/side.ts';
import { compareText } from '../compare/text.ts';
import { choose } from '../plan/choose.ts';
import { addComparisonOptions, type ComparisonFlags, defaultRulesBy, rulesOf } from './comparison-options.ts';
import { type CommandContext, collect } from './context.ts';
import { runPath } from './run-path.ts';

interface CompareFlags extends ComparisonFlags {
  readonly mechanism: readonly string[];
  readonly against?: string;
  readonly scenario: readonly string[];
  readonly metric: readonly string[];
  readonly all: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

const examples = `
Examples:
  keystorm compare 2026-01-01T00-00-00Z-7 latest        two runs: of two kernels, or before and after a change
  keystorm compare latest --mechanism keyagent-fd --against keyagent-signal
  keystorm compare BASE NEW --metric upcall.latency.p50,upcall.throughput --scenario latency
  keystorm compare BASE NEW --delta 0.02 --json | jq '.metrics[] | select(.verdict == "regressed")'

Runs with --clock icount are compared with their like alone, layout by layout (boots of one seed), request by request.
Exit codes: 0 improved, or unchanged within delta; 1 regressed; 2 usage, or runs that cannot be compared;
4 inconclusive: too few boots (the text says how many would do), figures that are missing, a boot that did not come
to its end, a run that is not whole.`;

export function declareCompare(command: Command, { output, finish }: CommandContext): void {
  command
    .argument('<base>', "a run's folder, its name in results/runs, or 'latest'")
    .argument('[new]', 'likewise; left out: two mechanisms of base are compared')
    .option(
      '--mechanism <names>',
      'only these, with commas; with --against the one that is held against it',
      collect,
      [],
    )
    .option('--against <name>', 'another mechanism of the same run, as base')
    .option('--scenario <names>', 'only these', collect, [])
    .option('--metric <names>', `only these of ${comparedNames.join(', ')}`, collect, []);
  addComparisonOptions(command)
    .option('--all', 'show every metric', false)
    .option('--force', 'compare runs that differ in more than kernel and module', false)
    .option('--json', 'print one keystorm/compare/1 document', false)
    .addHelpText('after', examples)
    .action((base: string, other: string | undefined, flags: CompareFlags) => {
      const sides = sidesOf(base, other, flags);
      const fixed = rulesFixedFor(sides);
      const rules = rulesOf(flags, fixed ?? defaultRulesBy(sides.base.run.manifest.plan.clock));
      const remarks = [...rulesNote(fixed, rules), ...citationsOf(sides)];
      const comparison = compare(sides, choiceOf(sides, flags, rules), flags.force, remarks);
      const text = flags.json
        ? JSON.stringify(compareDocument(comparison))
        : compareText(comparison, output.colour, flags.all);
      output.result(text);
      finish(exitCodeOf(comparison));
    });
}

function sidesOf(base: string, other: string | undefined, { mechanism, against }: CompareFlags): Sides {
  if (other !== undefined && against !== undefined)
    throw new KeystormError('--against names a mechanism of the same run: leave out the second run, or --against.');
  const run = readRun(runPath(base));
  if (other !== undefined) return runsAsSides(run, readRun(runPath(other)));
  const [one, ...more] = mechanism;
  if (one === undefined || more.length > 0 || against === undefined)
    throw new KeystormError('Name a second run, or two mechanisms of this one with --mechanism A --against B.');
  return mechanismsAsSides(run, against, one);
}

/** @throws KeystormError (2) for a name that base has not. */
function choiceOf({ kind, base }: Sides, flags: CompareFlags, rules: ComparisonRules): Choice {
  const { cells } = base.run.manifest.plan;
  const named = (what: string, known: readonly string[], asked: readonly string[]) =>
    asked.length === 0 ? undefined : choose(what, [...new Set(known)], asked, []);
  return {
    ...rules,
    metrics: named('metric', comparedNames, flags.metric),
    scenarios: named(
      'scenario',
      cells.map(({ scenario }) => scenario),
      flags.scenario,
    ),
    mechanisms:
      kind === 'mechanisms'
        ? undefined
        : named(
            'mechanism',
            cells.map(({ mechanism }) => mechanism.name),
            flags.mechanism,
          ),
  };
}
