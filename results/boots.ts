// SPDX-License-Identifier: MIT
/** A run's records sorted by boot and by cell: what the judge and the metrics look at. */
import type { Frame, FrameOf, FrameType } from './frames.ts';
import type { BootPlan, CellPlan, Plan } from './plan.ts';
import type { RecordOf, RunRecord } from './records.ts';

/** Everything recorded of one planned boot. */
export interface BootView {
  readonly plan: BootPlan;
  /** Null if the boot was never begun. */
  readonly start: RecordOf<'boot-start'> | null;
  readonly frames: readonly RecordOf<'frame'>[];
  readonly failures: readonly RecordOf<'failure'>[];
  /** What the harness used of the host while windows were open. */
  readonly harness: readonly RecordOf<'harness'>[];
  readonly end: RecordOf<'boot-end'> | null;
  /** Signs that frames of this boot were lost or garbled; such a boot proves no absence of anything. */
  readonly damage: readonly string[];
  /** The runner came to the end of its plan and every frame it wrote is here. */
  readonly finished: boolean;
  /** In a few words, why it did not finish: a failure kind, 'damaged-frames', 'runner-error', 'aborted' or 'not-reached'. */
  readonly reason: string;
}

/** One view for every boot of the plan, in the plan's order. */
export function bootsOf(plan: Plan, records: readonly RunRecord[]): BootView[] {
  return plan.boots.map((boot) => bootView(boot, records));
}

function bootView(plan: BootPlan, all: readonly RunRecord[]): BootView {
  const records = all.filter((record) => record.boot === plan.index);
  const frames = ofKind(records, 'frame');
  const failures = ofKind(records, 'failure');
  const damage = damageOf(plan, records);
  const last = frames.at(-1)?.frame;
  const error = frames.some(({ frame }) => frame.t === 'error');
  const aborted = ofKind(records, 'aborted').length > 0;
  const reason =
    failures[0]?.failureKind ??
    (damage.length > 0 ? 'damaged-frames' : error ? 'runner-error' : aborted ? 'aborted' : 'not-reached');
  return {
    plan,
    start: ofKind(records, 'boot-start')[0] ?? null,
    frames,
    failures,
    harness: ofKind(records, 'harness'),
    end: ofKind(records, 'boot-end')[0] ?? null,
    damage,
    finished: last?.t === 'done' && damage.length === 0 && failures.length === 0,
    reason,
  };
}

function ofKind<K extends RunRecord['kind']>(records: readonly RunRecord[], kind: K): RecordOf<K>[] {
  return records.filter((record): record is RecordOf<K> => record.kind === kind);
}

/** What is wrong with the frames of a boot as a sequence. A missing end is no damage: `finished` tells of it. */
function damageOf(plan: BootPlan, records: readonly RunRecord[]): string[] {
  const damage: string[] = [];
  const planned = new Set(plan.steps.flatMap((step) => (step.kind === 'cell' ? [step.cell] : [])));
  const windows = new Set<string>();
  let due = 0;
  let ended = false;
  for (const record of records) {
    if (record.kind === 'bad-frame') damage.push(`a line was no valid frame (${record.reason})`);
    if (record.kind !== 'frame') continue;
    const { frame } = record;
    if (ended) damage.push(`frame ${frame.n} (${frame.t}) came after the last one`);
    if (frame.n !== due) damage.push(`frame ${frame.n} (${frame.t}) came where ${due} was due`);
    if ((frame.t === 'hello') !== (due === 0)) damage.push('hello must be the first frame and come once');
    if (frame.t === 'hello' && frame.boot !== plan.index) damage.push(`the runner says it is boot ${frame.boot}`);
    const cell = frame.t === 'cell' ? frame.id : 'cell' in frame ? frame.cell : null;
    if (cell !== null && !planned.has(cell))
      damage.push(`frame ${frame.n} (${frame.t}) is about cell ${cell}, not planned`);
    if (frame.t === 'window') {
      const key = `${frame.cell} ${frame.index} ${frame.container}`;
      if (windows.has(key)) damage.push(`window ${key} was reported twice`);
      windows.add(key);
    }
    ended ||= frame.t === 'done' || frame.t === 'error';
    due = frame.n + 1;
  }
  return damage;
}

/** The frames of one type in a boot, in order. */
export function framesOf<T extends FrameType>(boot: BootView, type: T): FrameOf<T>[] {
  return boot.frames.map(({ frame }) => frame).filter((frame): frame is FrameOf<T> => isType(frame, type));
}

function isType<T extends FrameType>(frame: Frame, type: T): frame is FrameOf<T> {
  return frame.t === type;
}

/** The cells a boot is planned to run. */
export function cellsInBoot(plan: Plan, boot: BootPlan): CellPlan[] {
  const ids = new Set(boot.steps.flatMap((step) => (step.kind === 'cell' ? [step.cell] : [])));
  return plan.cells.filter((cell) => ids.has(cell.id));
}
