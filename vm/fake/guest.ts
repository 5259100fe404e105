// SPDX-License-Identifier: MIT
/** What the fake guest's runner does with a plan: a sequence of frames, each with the time that passes before it. */
import { type FrameOf, protocolVersion } from '../../results/frames.ts';
import { histogramOf } from '../../results/histogram-data.ts';
import { CellRun } from './cell.ts';
import { runChecks } from './checks.ts';
import type { GuestFloor, GuestPlan } from './guest-plan.ts';
import type { MisbehaviourKind } from './misbehaviour.ts';
import { type GuestEvent, initNamespaces, Pen } from './pen.ts';
import type { Unit } from './service.ts';

const floorNs: Readonly<Record<string, number>> = {
  syscall: 400,
  add_key: 45_000,
  eventfd: 65_000,
  vfork_exec: 2_000_000,
};

export interface GuestOptions {
  readonly kernelRelease: string;
  readonly cmdline: string;
  readonly smp: number;
  readonly unit: Unit;
  /** What goes wrong in a cell, by the cell's position in the boot. */
  readonly misbehaviour: (cell: number) => MisbehaviourKind | undefined;
}

/** The runner: yields everything that it writes, in order. */
export class Runner {
  readonly #pen = new Pen();

  constructor(
    readonly plan: GuestPlan,
    readonly options: GuestOptions,
  ) {}

  *run(): Generator<GuestEvent> {
    const pen = this.#pen;
    yield pen.frame(20, { ...this.#hello(), mono: pen.mono });
    let position = 0;
    for (const step of this.plan.steps) {
      yield pen.frame(1, { t: 'beat', mono: pen.mono, phase: step.kind });
      if (step.kind === 'floor') yield this.#floor(step);
      else if (step.kind === 'checks') yield* runChecks(step, pen);
      else {
        const { unit, smp, misbehaviour } = this.options;
        yield* new CellRun(step, pen, { unit, smp, wrong: misbehaviour(position++) }).run();
      }
    }
    yield pen.frame(300, { t: 'unload', ok: true, errno: null, ns: 250_000_000, refcount_before: 0 });
    yield pen.frame(1, { t: 'kmsg', cell: null, lines: [] });
    yield pen.frame(1, { t: 'done', mono: pen.mono });
  }

  #hello(): Omit<FrameOf<'hello'>, 'n'> {
    const { kernelRelease, cmdline, smp } = this.options;
    return {
      t: 'hello',
      protocol: protocolVersion,
      boot: this.plan.boot,
      kernel: kernelRelease,
      version: '#1 fake',
      machine: 'fake',
      smp,
      clocksource: 'virtual',
      cmdline,
      module: 'fake',
      mono: this.#pen.mono,
      init_ns: initNamespaces,
    };
  }

  #floor({ name, iterations }: GuestFloor): GuestEvent {
    const typical = floorNs[name] ?? 1_000;
    const values = Array.from({ length: iterations }, () =>
      Math.round(typical * (0.9 + 0.3 * this.options.unit() ** 4)),
    );
    const hist = histogramOf(values);
    const mono_start = this.#pen.mono;
    const body = { t: 'floor', name: name as FrameOf<'floor'>['name'], hist, mono_start } as const;
    return this.#pen.frame(hist.sum / 1e6, { ...body, mono_end: mono_start + hist.sum });
  }
}
