// SPDX-License-Identifier: MIT
/** A night's work in one command, for cron or a timer: measure, compare, keep, look at the trend, tell what is new, report. */
import path from 'node:path';
import { historyFile } from '../../../results/history.ts';
import { ofHistoryKind, type StoredHistory } from '../../../results/history-reader.ts';
import { historyToAddTo } from '../../../results/history-writer.ts';
import { nightlyStateFile, readOpenAlerts, writeOpenAlerts } from '../../../results/nightly-state.ts';
import { readRun, type StoredRun } from '../../../results/run-reader.ts';
import { KeystormError } from '../../../vm/failure.ts';
import type { ComparisonRules } from '../../compare/figures.ts';
import { openAfter } from '../../nightly/alerts.ts';
import { nightlyDocument } from '../../nightly/document.ts';
import { nightFileNames, removeNightFiles, writeNightFiles } from '../../nightly/files.ts';
import { exitCodeOf, heldAgainst, type Kept, nightOf } from '../../nightly/night.ts';
import { nightlyAlpha, nightlyBoots, nightlyTrend, quickNightlyBoots } from '../../nightly/rules.ts';
import { nightText } from '../../nightly/text.ts';
import { subjectOf } from '../../pair/repro.ts';
import { parseSubject, type Subject } from '../../pair/subject.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { typedPath } from '../../report/typed-path.ts';
import { aloneIn } from '../../run/alone.ts';
import { addRuns, demandLater } from '../../trend/add-runs.ts';
import { trendOf } from '../../trend/trend.ts';
import { type ComparisonFlags, defaultRulesBy, rulesOf } from '../comparison-options.ts';
import { type CommandContext, userPath } from '../context.ts';
import type { AccessFlags } from '../machine-options.ts';
import type { WorkFlags } from '../plan-options.ts';
import { historyPath } from './history-path.ts';
import { guestOf, measuredPair } from './measured-pair.ts';
import { demandFile, demandFolder } from './places.ts';
import { planOptionsOf, seedOf } from './plan-choice.ts';

export interface NightlyFlags extends WorkFlags, ComparisonFlags, AccessFlags {
  readonly baseline: string;
  readonly new?: string;
  readonly history?: string;
  readonly out?: string;
  readonly onlyNew: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

/** Where a night's files are unless told otherwise: in the folder of the history, so that jobs of two histories are not in each other's way. */
const standardOut = 'nightly';

/** @throws KeystormError as the table of exit codes has it. */
export async function nightly(flags: NightlyFlags, context: CommandContext): Promise<number> {
  const subjects = {
    base: parseSubject('--baseline', flags.baseline),
    new: flags.new === undefined ? {} : parseSubject('--new', flags.new),
  };
  const work = {
    ...flags,
    seed: seedOf(flags),
    boots: flags.boots ?? (flags.quick ? quickNightlyBoots : nightlyBoots),
  };
  const names = { base: pinned(subjects.base, work), new: pinned(subjects.new, work) };
  const history = historyPath(flags.history);
  const out = flags.out === undefined ? path.join(history, standardOut) : userPath(flags.out);
  demandFolder(history, 'give --history a folder that you may write to');
  demandFolder(out, 'give --out a folder that you may write to');
  return aloneInBoth(history, out, async () => {
    // Before hours of work: whatever keeps the night from being kept or told.
    for (const name of [historyFile, nightlyStateFile])
      demandFile(path.join(history, name), 'make it one that you may write, or give --history another folder');
    for (const name of nightFileNames) demandFile(path.join(out, name), 'remove it, or give --out another folder');
    const before = historyToAddTo(history);
    demandLater({ createdAt: new Date().toISOString() }, lastOf(before), 'What is measured now, by this clock,');
    demandSameClock(before, flags.clock);
    readOpenAlerts(history);
    const rules = rulesOf(flags, defaultRulesBy(flags.clock, nightlyAlpha));
    const runsDir = flags.out === undefined ? undefined : path.join(out, 'runs');
    const places = await measuredPair(
      { ...flags, subjects, work, rules, out: undefined, runsDir, locked: true, begins: () => removeNightFiles(out) },
      context.output,
    );
    if (typeof places !== 'number') return conclude({ places, names, rules, history, out, flags }, context);
    context.output.progress.line('nightly  interrupted: nothing was appended to the history, and no alert told');
    return places;
  });
}

/** Also where both are one folder. */
function aloneInBoth<T>(history: string, out: string, work: () => Promise<T>): Promise<T> {
  return aloneIn(history, () => (path.resolve(out) === path.resolve(history) ? work() : aloneIn(out, work)));
}

interface Measured {
  readonly places: { readonly base: string; readonly new: string };
  readonly names: { readonly base: string; readonly new: string };
  readonly rules: ComparisonRules;
  readonly history: string;
  readonly out: string;
  readonly flags: NightlyFlags;
}

/** What is told is remembered last: an alert of which nobody heard is raised again. */
function conclude({ places, names, rules, history, out, flags }: Measured, { output }: CommandContext): number {
  const [base, other] = [readRun(places.base), readRun(places.new)];
  const held = heldAgainst(base, other, rules);
  // Before the line that was cut off is taken away by what is appended.
  const { problem: torn } = historyToAddTo(history);
  const kept = keep(other, history);
  const night = nightOf({
    ...{ held, kept, torn, baseline: names.base, subject: names.new },
    trend: trendOf(historyToAddTo(history), nightlyTrend),
    before: readOpenAlerts(history),
  });
  const files = writeNightFiles(night, flags.onlyNew, out);
  output.result(flags.json ? JSON.stringify(nightlyDocument(night, flags.onlyNew)) : nightText(night, output.colour));
  writeOpenAlerts(history, openAfter(night.told));
  for (const file of files.slice(0, 1)) output.progress.line(`report   ${typedPath(file)}, and others beside it`);
  return exitCodeOf(night, flags.onlyNew);
}

/** @throws KeystormError: 2 and 3 as addRuns. */
function keep(run: StoredRun, dir: string): Kept {
  try {
    addRuns(historyToAddTo(dir), [run], new Date());
    return { added: true };
  } catch (error) {
    if (error instanceof KeystormError && error.exitCode === 4) return { added: false, why: error.message };
    throw error;
  }
}

function lastOf(history: StoredHistory) {
  return ofHistoryKind(history, 'run').at(-1);
}

/** A count of instructions is no time: what is open of the one would be over because the other is asked. @throws KeystormError (2) */
function demandSameClock(history: StoredHistory, clock: string): void {
  const series = ofHistoryKind(history, 'series');
  const last = lastOf(history)?.points.map((point) => series[point.series]?.dimensions.clock === 'icount');
  if (last === undefined || last.includes(clock === 'icount')) return;
  const [was, is] = clock === 'icount' ? ['times', 'instructions'] : ['instructions', 'times'];
  throw new KeystormError(
    `The last night in ${history.dir} measured ${was}, this one measures ${is}: give each a history of its own with --history.`,
  );
}

/** As `pair` takes it, revisions by their commits. @throws KeystormError (2) for what does not exist, or has nothing to be compared. */
function pinned(subject: Subject, work: WorkFlags): string {
  const plan = makePlan(planOptionsOf({ ...work, ...guestOf(subject) }));
  if (plan.cells.length === 0)
    throw new KeystormError('Checks alone have no figures to be compared: name a scenario with a load, too.');
  return subjectOf(plan);
}
