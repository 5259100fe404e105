// SPDX-License-Identifier: MIT
import type { Frame } from '../../results/frames.ts';
import type { BootPlan, Plan, Step } from '../../results/plan.ts';
import type { Clock } from '../../vm/clock.ts';
import type { MachineFailure } from '../../vm/failure.ts';
import { estimateBootMs, estimateRunMs, estimateStepMs, roughBootMs } from '../plan/estimate.ts';
import { cellOf, checksOf } from '../plan/guest-plan.ts';
import { plainText } from '../report/plain-text.ts';
import { cellsAndChecks, count } from '../words.ts';
import type { RunListener } from './listener.ts';

/** Where progress goes. */
export interface ProgressSink {
  /** A line that stays. */
  line(text: string): void;
  /** What is going on right now; a terminal shows it in place, anything else not at all. */
  status(text: string): void;
}

/** Tells what a run is doing, how long it has taken and how long it may still take. */
export class ProgressDisplay implements RunListener {
  /** With those boots only that will be done. */
  #plan: Plan | undefined;
  /** Indices of those in the plan, done before or not. */
  #boots: readonly number[] = [];
  #startedAt = 0;
  /** Estimated ms of all that is behind. */
  #behind = 0;
  /** Of the boots that ended alone. */
  #behindBoots = 0;
  #step = 0;
  /** The block of checks that reported last. */
  #block = '';

  constructor(
    readonly clock: Clock,
    readonly sink: ProgressSink,
  ) {}

  runStarts(plan: Plan, boots: readonly BootPlan[], dir: string): void {
    this.#plan = { ...plan, boots: [...boots] };
    this.#boots = plan.boots.map(({ index }) => index);
    this.#startedAt = this.clock.now();
    const floor = plan.machine === 'fake' ? ' on the fake machine (figures are made up)' : '';
    const left = boots.length < plan.boots.length ? `${boots.length} left of ` : '';
    const all = count(plan.boots.length, 'boot');
    this.sink.line(`${left}${all} of ${cellsAndChecks(plan)}${floor}, seed ${plan.seed}; ${dir}`);
  }

  bootStarts(boot: number): void {
    this.#step = 0;
    this.sink.line(`${this.#where(boot)} starting the guest (${this.#times()})`);
  }

  guestIsUp(boot: number): void {
    this.#behind = this.#behindBoots + roughBootMs;
    this.sink.status(`${this.#where(boot)} the guest is up, measuring floors (${this.#times()})`);
  }

  frame(boot: number, frame: Frame): void {
    const plan = this.#plan;
    const bootPlan = plan?.boots.find((each) => each.index === boot);
    if (plan === undefined || bootPlan === undefined) return;
    if (frame.t === 'floor') this.#advance(plan, bootPlan, this.#step + 1, 0);
    if (frame.t === 'cell') {
      this.#advance(plan, bootPlan, this.#stepOf(bootPlan, frame.id), 0);
      this.sink.line(`${this.#where(boot)} ${this.#cell(plan, bootPlan, frame.id)} (${this.#times()})`);
    }
    if (frame.t === 'check') {
      const text = this.#cell(plan, bootPlan, frame.cell);
      this.#advance(plan, bootPlan, this.#stepOf(bootPlan, frame.cell), 1);
      // A block does not say when it begins: its first report is the first that is heard of it.
      if (this.#block !== frame.cell) this.sink.line(`${this.#where(boot)} ${text} (${this.#times()})`);
      this.#block = frame.cell;
    }
    if (frame.t === 'window') {
      const windows = plan.cells.find((cell) => cell.id === frame.cell)?.windows.length ?? 1;
      const done = frame.index + 1;
      this.#advance(plan, bootPlan, this.#stepOf(bootPlan, frame.cell), done / windows);
      const text = `${this.#cell(plan, bootPlan, frame.cell)}, window ${done}/${windows}`;
      this.sink.status(`${this.#where(boot)} ${text} (${this.#times()})`);
    }
  }

  failure(boot: number, failure: MachineFailure): void {
    this.sink.line(`${this.#where(boot)} ${failure.kind}: ${plainText(failure.message)}`);
  }

  bootEnds(boot: number, outcome: 'done' | 'failed' | 'aborted'): void {
    const plan = this.#plan;
    const bootPlan = plan?.boots.find((each) => each.index === boot);
    if (plan !== undefined && bootPlan !== undefined) this.#behindBoots += estimateBootMs(plan, bootPlan);
    this.#behind = this.#behindBoots;
    this.sink.line(`${this.#where(boot)} ${outcome} (${this.#times()})`);
  }

  note(text: string): void {
    this.sink.line(plainText(text));
  }

  #where(boot: number): string {
    return `boot ${this.#boots.indexOf(boot) + 1}/${this.#boots.length}:`;
  }

  #cell(plan: Plan, boot: BootPlan, id: string): string {
    const kind = plan.checks.some((block) => block.id === id) ? 'checks' : 'cell';
    const alike = boot.steps.filter((step) => step.kind === kind);
    const position = alike.findIndex((step) => idOf(step) === id) + 1;
    if (position === 0) return `${kind} ${id}`;
    const { scenario, mechanism } = kind === 'cell' ? cellOf(plan, id) : checksOf(plan, id);
    return `${kind} ${position}/${alike.length}, ${scenario} × ${mechanism.name}`;
  }

  #stepOf(boot: BootPlan, id: string): number {
    const index = boot.steps.findIndex((step) => idOf(step) === id);
    return index < 0 ? this.#step : index;
  }

  /** The boot is `share` through with its step of that index. */
  #advance(plan: Plan, boot: BootPlan, index: number, share: number): void {
    this.#step = index;
    const before = boot.steps.slice(0, index).reduce((sum, step) => sum + estimateStepMs(plan, step), 0);
    const current = boot.steps[index];
    const within = current === undefined ? 0 : estimateStepMs(plan, current) * share;
    this.#behind = this.#behindBoots + roughBootMs + before + within;
  }

  /** The estimate is corrected by how it did so far. */
  #times(): string {
    const plan = this.#plan;
    if (plan === undefined) return '';
    const elapsed = this.clock.now() - this.#startedAt;
    const pace = this.#behind > 0 ? elapsed / this.#behind : 1;
    const left = Math.max(0, estimateRunMs(plan) - this.#behind) * pace;
    return `${clockTime(elapsed)} elapsed, about ${clockTime(left)} left`;
  }
}

/** The cell or block that a step is; undefined for a floor. */
function idOf(step: Step): string | undefined {
  if (step.kind === 'cell') return step.cell;
  return step.kind === 'checks' ? step.checks : undefined;
}

/** Minutes and seconds, e.g. 4:07. */
export function clockTime(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
