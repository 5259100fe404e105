import { readRun } from '../../../results/run-reader.ts';
import { citationsOf } from '../../calibrate/store.ts';
import { compare, exitCodeOf } from '../../compare/compare.ts';
import { compareDocument } from '../../compare/document.ts';
import { runsAsSides } from '../../compare/side.ts';
import { compareText } from '../../compare/text.ts';
import { pairBoots, quickBoots } from '../../pair/defaults.ts';
import { parseSubject } from '../../pair/subject.ts';
import { type ComparisonFlags, defaultRulesBy, rulesOf } from '../comparison-options.ts';
import { type CommandContext, userPath } from '../context.ts';
import type { AccessFlags } from '../machine-options.ts';
import type { WorkFlags } from '../plan-options.ts';
import { measuredPair, type PairJob } from './measured-pair.ts';
import { seedOf } from './plan-choice.ts';

/** All but which guests; what commander makes of their options. */
export interface PairingFlags extends WorkFlags, ComparisonFlags, AccessFlags {
  readonly out?: string;
  readonly locked: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

export interface PairFlags extends PairingFlags {
  readonly base: string;
  readonly new: string;
}

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
