// SPDX-License-Identifier: MIT
/** Whether what is concluded from a run rests on what was heard. */
import type { FrameType } from '../../../results/frames.ts';
import type { CellPlan, CheckBlock, Plan } from '../../../results/plan.ts';
import type { Verdict } from '../../judge/verdict.ts';
import type { Found, Outcome } from '../world.ts';
import { audible, linesOf, showsDamage } from './hearing.ts';
import { foundIn, type Invariant } from './invariant.ts';

/** Frames that must have come from each boot before a cell's verdict may be held; oracles that are not named: its windows. */
const evidence: Readonly<Partial<Record<string, FrameType>>> = {
  'no-host-helper': 'counters',
  'host-helper-spawns': 'counters',
  'upcalls-as-expected': 'counters',
  'no-stuck-keys': 'keys',
  'kernel-log-clean': 'kmsg',
  'module-unloads': 'unload',
  'no-traffic-in-window': 'meter',
};

export const nothingHeldFromNothing: Invariant = {
  name: 'nothing is held of a cell or a check that was not wholly seen',
  complaints: (outcome) => {
    const found = foundIn(outcome);
    if (found === null || outcome.plan === null) return [];
    const { plan } = outcome;
    const seen = plan.boots.map(({ index, steps }): Seen => {
      return { index, ids: steps.map(stepId), frames: framesOf(outcome, index), damaged: wasDamaged(outcome, index) };
    });
    return found.verdicts.flatMap((verdict) => {
      if (verdict.property !== 'held') return [];
      const missing = seen
        .filter(({ ids }) => ids.includes(String(verdict.dimensions.cell)))
        .find((boot) => !wasSeen(verdict, plan, boot));
      if (missing === undefined) return [];
      return [`${nameOf(verdict)} is held, though of boot ${missing.index} its evidence is missing`];
    });
  },
};

function stepId(step: Plan['boots'][number]['steps'][number]): string | null {
  return step.kind === 'cell' ? step.cell : step.kind === 'checks' ? step.checks : null;
}

function nameOf({ oracle, dimensions }: Verdict): string {
  return `${oracle} of ${dimensions.cell} (${dimensions.mechanism} in ${dimensions.scenario})`;
}

/** What was recorded of a boot. */
interface Seen {
  readonly index: number;
  readonly ids: readonly (string | null)[];
  readonly frames: readonly AboutCell[];
  readonly damaged: boolean;
}

interface AboutCell {
  readonly t: FrameType;
  readonly cell?: string | null;
  readonly property?: string;
  readonly fault?: string;
  readonly wrong?: number;
}

/** The frames of a boot that were recorded. */
function framesOf({ appended }: Pick<Outcome, 'appended'>, boot: number): readonly AboutCell[] {
  return appended.flatMap((record) => (record.kind === 'frame' && record.boot === boot ? [record.frame] : []));
}

function wasSeen({ oracle, dimensions }: Verdict, plan: Plan, { frames, damaged }: Seen): boolean {
  const cell = plan.cells.find(({ id }) => id === dimensions.cell);
  const own = frames.filter((frame) => frame.cell === dimensions.cell);
  const count = (type: FrameType) => own.filter(({ t }) => t === type).length;
  if (cell === undefined)
    return wasChecked(
      plan.checks.find(({ id }) => id === dimensions.cell),
      oracle,
      own,
    );
  const needed = evidence[oracle] ?? 'window';
  if (needed === 'unload') return frames.some(({ t }) => t === needed);
  if (needed === 'meter') return count(needed) === cell.windows.length;
  if (needed !== 'window') return count(needed) > 0;
  return count(needed) >= windowsNeeded(oracle, cell) && !damaged;
}

/** Of some oracles only the windows with what they ask about. */
function windowsNeeded(oracle: string, { windows, containers }: CellPlan): number {
  const narrow = oracle === 'recovers' || oracle === 'fault-took-effect' || oracle === 'stages-add-up';
  return narrow ? 1 : windows.length * containers.length;
}

function wasChecked(block: CheckBlock | undefined, oracle: string, own: readonly AboutCell[]): boolean {
  if (oracle === 'fault-took-effect' || oracle === 'fault-gone')
    return (block?.faults ?? []).every((name) => own.some(({ t, fault }) => t === 'check-fault' && fault === name));
  if (oracle === 'kernel-log-clean') return own.some(({ t }) => t === 'kmsg');
  return own.some(({ t, property }) => t === 'check' && property === oracle);
}

function wasDamaged({ diaries, appended }: Outcome, boot: number): boolean {
  const diary = diaries.find((each) => each.boot === boot);
  return diary === undefined || showsDamage(audible(diary).slice(0, linesOf(appended, boot).length));
}

export const nothingFailsFromCrashes: Invariant = {
  name: 'an expectation is not met only where a guest answered wrongly; what broke, was lost or stopped says nothing about it',
  complaints: (outcome) => {
    const found = foundIn(outcome);
    const wrong = outcome.diaries.some(
      ({ happened }) => happened.includes('wrong-answers') || happened.includes('helper-escape'),
    );
    if (found === null || wrong) return [];
    return found.verdicts
      .filter(({ verdict }) => verdict === 'fail')
      .map((verdict) => `${nameOf(verdict)} failed: ${verdict.evidence}`);
  },
};

export const wrongAnswersAreSeen: Invariant = {
  name: 'a wrong answer that was reported is a violation',
  complaints: (outcome) => {
    const found = foundIn(outcome);
    if (found === null || outcome.plan === null) return [];
    const wrong = new Set(
      outcome.plan.boots.flatMap(({ index }) =>
        framesOf(outcome, index).flatMap((frame) =>
          frame.t === 'window' && (frame.wrong ?? 0) > 0 ? [frame.cell] : [],
        ),
      ),
    );
    return found.verdicts
      .filter(({ oracle, dimensions }) => oracle === 'right-answerer' && wrong.has(String(dimensions.cell)))
      .filter(({ property }) => property !== 'violated')
      .map((verdict) => `${nameOf(verdict)} is ${verdict.property}, though wrong answers were reported`);
  },
};

/** Disturbs nothing that is measured. */
const harmless = ['noise', 'slow-link', 'pause'];

export const soundIsPass: Invariant = {
  name: 'a run in which nothing went wrong passes; one in which something did has not exit code 0',
  complaints: (outcome) => {
    const found = foundIn(outcome);
    if (found === null || outcome.plan === null) return [];
    const { end, diaries, interrupted, appended } = outcome;
    const sound = diaries.every(({ happened }) => happened.every((kind) => harmless.includes(kind)));
    const { overall, exitCode, run } = found;
    const complaints: string[] = [];
    if (end.how === 'returned' && sound && !interrupted && (overall !== 'pass' || exitCode !== 0))
      complaints.push(`it is ${run.status}, ${overall} with exit code ${exitCode}; ${firstNotPassed(found)}`);
    if (overall === 'pass' && run.status !== 'complete') complaints.push(`it is ${run.status} and passes`);
    const failed = appended.some(({ kind }) => kind === 'failure' || kind === 'aborted' || kind === 'bad-frame');
    if (exitCode === 0 && failed) complaints.push('something went wrong, and the exit code is 0');
    return complaints;
  },
};

function firstNotPassed({ verdicts, run }: Found): string {
  const first = verdicts.find(({ verdict }) => verdict !== 'pass');
  return first === undefined ? `${run.problems[0] ?? 'no problem'}` : `${nameOf(first)}: ${first.evidence}`;
}
