import { readRun } from '../../../results/run-reader.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { citationsOf } from '../../calibrate/store.ts';
import { compare, exitCodeOf } from '../../compare/compare.ts';
import { compareDocument } from '../../compare/document.ts';
import type { Choice, ComparisonRules } from '../../compare/figures.ts';
import { rulesFixedFor, rulesNote } from '../../compare/fixed-rules.ts';
import { comparedNames } from '../../compare/judged.ts';
import { mechanismsAsSides, runsAsSides, type Sides } from '../../compare/side.ts';
import { compareText } from '../../compare/text.ts';
import { choose } from '../../plan/choose.ts';
import { type ComparisonFlags, defaultRulesBy, rulesOf } from '../comparison-options.ts';
import type { CommandContext } from '../context.ts';
import { runPath } from './run-path.ts';

export interface CompareFlags extends ComparisonFlags {
  readonly mechanism: readonly string[];
  readonly against?: string;
  readonly scenario: readonly string[];
  readonly metric: readonly string[];
  readonly all: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function compareRuns(
  base: string,
  other: string | undefined,
  flags: CompareFlags,
  { output }: CommandContext,
): Promise<number> {
  const sides = sidesOf(base, other, flags);
  const fixed = rulesFixedFor(sides);
  const rules = rulesOf(flags, fixed ?? defaultRulesBy(sides.base.run.manifest.plan.clock));
  const remarks = [...rulesNote(fixed, rules), ...citationsOf(sides)];
  const comparison = compare(sides, choiceOf(sides, flags, rules), flags.force, remarks);
  const text = flags.json
    ? JSON.stringify(compareDocument(comparison))
    : compareText(comparison, output.colour, flags.all);
  output.result(text);
  return exitCodeOf(comparison);
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
