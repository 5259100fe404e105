// SPDX-License-Identifier: MIT
import { type Command, InvalidArgumentError } from 'commander';
import { readRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { compare, exitCodeOf } from '../compare/compare.ts';
import { compareDocument } from '../compare/document.ts';
import type { Choice } from '../compare/figures.ts';
import { defaultDeltas, judgedNames } from '../compare/judged.ts';
import { mechanismsAsSides, runsAsSides, type Sides } from '../compare/side.ts';
import { leastAlpha } from '../compare/statistics/relabelling.ts';
import { compareText } from '../compare/text.ts';
import { choose } from '../plan/choose.ts';
import { type CommandContext, collect, runPath } from './context.ts';

const defaultAlpha = 0.01;
const nsPerMs = 1e6;

interface CompareFlags {
  readonly mechanism: readonly string[];
  readonly against?: string;
  readonly scenario: readonly string[];
  readonly metric: readonly string[];
  readonly alpha: number;
  readonly delta: number;
  readonly deltaErrors: number;
  readonly deltaTime: number;
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

Exit codes: 0 improved, or unchanged within delta; 1 regressed; 2 usage, or runs that cannot be compared;
4 inconclusive: too few boots (the text says how many would do), figures that are missing, a boot that did not come
to its end, a run that is not whole.`;

export function addCompareCommand(program: Command, { output, finish }: CommandContext): void {
  program
    .command('compare')
    .description('say what of a stored run differs from another, and what does not; no guest is needed')
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
    .option('--metric <names>', `only these of ${judgedNames.join(', ')}`, collect, [])
    .option('--alpha <share>', 'chance of a false alarm, of all metrics together', alphaOf, defaultAlpha)
    .option(
      '--delta <share>',
      'a change of at most so much of a figure does not matter',
      between(0, 10),
      defaultDeltas.ratio,
    )
    .option(
      '--delta-errors <share>',
      'likewise, of all requests, for shares of errors',
      between(0, 1),
      defaultDeltas.share,
    )
    .option(
      '--delta-time <ms>',
      'likewise, for times that may be nothing',
      between(0, 1e6),
      defaultDeltas.time / nsPerMs,
    )
    .option('--all', 'show every metric', false)
    .option('--force', 'compare runs that differ in more than kernel and module', false)
    .option('--json', 'print one keystorm/compare/1 document', false)
    .addHelpText('after', examples)
    .action((base: string, other: string | undefined, flags: CompareFlags) => {
      const sides = sidesOf(base, other, flags);
      const comparison = compare(sides, choiceOf(sides, flags), flags.force);
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
function choiceOf({ kind, base }: Sides, flags: CompareFlags): Choice {
  const { alpha, delta, deltaErrors, deltaTime } = flags;
  const { cells } = base.run.manifest.plan;
  const named = (what: string, known: readonly string[], asked: readonly string[]) =>
    asked.length === 0 ? undefined : choose(what, [...new Set(known)], asked, []);
  return {
    alpha,
    deltas: { ratio: delta, share: deltaErrors, time: deltaTime * nsPerMs },
    metrics: named('metric', judgedNames, flags.metric),
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

/** For commander: a chance that can be undercut. */
function alphaOf(text: string): number {
  const value = between(0, 1)(text);
  if (value >= leastAlpha) return value;
  throw new InvalidArgumentError(
    `It must be at least ${leastAlpha}: of no more than ${1 / leastAlpha} ways to call the boots base and new that are looked at, no chance is smaller.`,
  );
}

/** For commander: a number above `min` and below `max`. */
function between(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value > min && value < max) return value;
    throw new InvalidArgumentError(`It must be a number above ${min} and below ${max}.`);
  };
}
