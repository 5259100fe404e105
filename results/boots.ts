// SPDX-License-Identifier: MIT
/** A run's records sorted by boot and by cell: what the judge and the metrics look at. */
import type { Frame, FrameOf, FrameType } from './frames.ts';
import type { BootPlan, CellPlan, CheckBlock, Plan } from './plan.ts';
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
  return plan.boots.map((boot) => bootView(boot, plan, records));
}

function bootView(plan: BootPlan, whole: Plan, all: readonly RunRecord[]): BootView {
  const records = all.filter((record) => record.boot === plan.index);
  const frames = ofKind(records, 'frame');
  const failures = ofKind(records, 'failure');
  const damage = damageOf(plan, whole, records);
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
function damageOf(plan: BootPlan, whole: Plan, records: readonly RunRecord[]): string[] {
  const damage: string[] = [];
  const planned = [...cellsInBoot(whole, plan), ...checksInBoot(whole, plan)];
  const once = new Set<string>();
  let due = 0;
  let ended = false;
  for (const record of records) {
    if (record.kind === 'bad-frame') damage.push(`a line was no valid frame (${record.reason})`);
    if (record.kind !== 'frame') continue;
    const { frame } = record;
    const which = `frame ${frame.n} (${frame.t})`;
    if (ended) damage.push(`${which} came after the last one`);
    if (frame.n !== due) damage.push(`${which} came where ${due} was due`);
    // A runner that cannot even begin says why in the place of its hello.
    const first = frame.t === 'hello' || (frame.t === 'error' && due === 0);
    if (first !== (due === 0)) damage.push('hello must be the first frame and come once');
    if (frame.t === 'hello' && frame.boot !== plan.index) damage.push(`the runner says it is boot ${frame.boot}`);
    const stranger = strangerIn(frame, planned);
    if (stranger !== null) damage.push(`${which} is about ${stranger}, not planned`);
    const place = placeOf(frame);
    if (place !== null && once.has(place)) damage.push(`${place} was reported twice`);
    if (place !== null) once.add(place);
    ended ||= frame.t === 'done' || frame.t === 'error';
    due = frame.n + 1;
  }
  return damage;
}

/** What a frame is about that the boot's plan does not have; null if there is no such thing. */
function strangerIn(frame: Frame, planned: readonly (CellPlan | CheckBlock)[]): string | null {
  const id = frame.t === 'cell' ? frame.id : 'cell' in frame ? frame.cell : null;
  if (id === null) return null;
  const cell = planned.find((each) => each.id === id);
  if (cell === undefined) return `cell ${id}`;
  if (frame.t === 'check' || frame.t === 'check-fault') {
    const known = 'checks' in cell && cell.checks.includes(frame.check);
    return known ? null : `check ${frame.check} of ${id}`;
  }
  const { windows, containers } = 'windows' in cell ? cell : { windows: [], containers: [] };
  if ('index' in frame && frame.index >= windows.length) return `window ${frame.index} of cell ${id}`;
  const container = 'container' in frame ? frame.container : null;
  const known = container === null || containers.some(({ name }) => name === container);
  return known ? null : `container ${container} of cell ${id}`;
}

/** What a frame reports that can be reported but once in a boot; null for one of which there may be several. */
function placeOf(frame: Frame): string | null {
  switch (frame.t) {
    case 'window':
      return `window ${frame.cell} ${frame.index} ${frame.container}`;
    case 'stages':
      return `the stages of window ${frame.cell} ${frame.index} ${frame.container}`;
    case 'meter':
      return `the meter of window ${frame.cell} ${frame.index}`;
    case 'counters':
    case 'keys':
      return `the ${frame.t} frame of cell ${frame.cell}`;
    case 'cell':
      return `the start of cell ${frame.id}`;
    default:
      return null;
  }
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

/** The blocks of checks a boot is planned to run. */
export function checksInBoot(plan: Plan, boot: BootPlan): CheckBlock[] {
  const ids = new Set(boot.steps.flatMap((step) => (step.kind === 'checks' ? [step.checks] : [])));
  return plan.checks.filter((block) => ids.has(block.id));
}
