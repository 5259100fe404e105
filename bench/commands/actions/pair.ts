import { readRun } from '../../../results/run-reader.ts';
import { citationsOf } from '../../calibrate/store.ts';
import { compare, exitCodeOf } from '../../compare/compare.ts';
import { compareDocument } from '../../compare/document.ts';
import { runsAsSides } from '../../compare/side.ts';
import { compareText } from '../../compare/text.ts';
import { parseSubject } from '../../pair/subject.ts';
import { defaultRulesBy, rulesOf } from '../comparison-options.ts';
import { type CommandContext, userPath } from '../context.ts';
import { type PairFlags, type PairingFlags, pairBoots, quickBoots } from '../pair.ts';
import { measuredPair, type PairJob } from './measured-pair.ts';
import { seedOf } from './plan-choice.ts';

/** @throws KeystormError as the table of exit codes has it. */
export function pair(flags: PairFlags, context: CommandContext): Promise<number> {
  const subjects = { base: parseSubject('--base', flags.base), new: parseSubject('--new', flags.new) };
  return measuredAndCompared(subjects, flags, context);
}

/** Measures both, prints what differs, and returns the exit code. @throws KeystormError as the table of exit codes has it. */
export async function measuredAndCompared(
  subjects: PairJob['subjects'],
  flags: PairingFlags,
  { output }: CommandContext,
): Promise<number> {
  const out = flags.out === undefined ? undefined : userPath(flags.out);
  const rules = rulesOf(flags, defaultRulesBy(flags.clock));
  const work = {
    ...flags,
    seed: seedOf(flags),
    boots: flags.boots ?? (flags.quick ? quickBoots : pairBoots),
  };
  const pairing = await measuredPair({ subjects, work, rules, out, ...flags }, output);
  if (typeof pairing === 'number') return pairing;
  const sides = runsAsSides(readRun(pairing.base), readRun(pairing.new));
  const comparison = compare(sides, rules, false, citationsOf(sides));
  const text = flags.json ? JSON.stringify(compareDocument(comparison)) : compareText(comparison, output.colour, false);
  output.result(text);
  return exitCodeOf(comparison);
}
