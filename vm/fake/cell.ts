// SPDX-License-Identifier: MIT
/** What the fake guest's runner does with one cell of its plan. */
import type { FrameOf, Namespaces } from '../../results/frames.ts';
import { absenceBy } from './answerer.ts';
import { CellCounters } from './counters.ts';
import type { GuestCell, GuestContainer } from './guest-plan.ts';
import { isMoment, type MisbehaviourKind } from './misbehaviour.ts';
import { type GuestEvent, initNamespaces, type Pen } from './pen.ts';
import { routeOf, type Unit } from './service.ts';
import { stagesBody } from './stages.ts';
import { meterBody, samplesBodies, type WindowPlace, windowBody } from './window-frames.ts';
import { simulate } from './workload.ts';

const firstPid = 300;
/** How long a fault's signals take to be sent. */
const faultNs = 20_000;

interface Running {
  readonly container: GuestContainer;
  readonly uid: number;
  readonly ns: Namespaces;
  /** Of each requester, how many requests it has made. */
  readonly sequence: number[];
}

export interface CellOptions {
  readonly unit: Unit;
  readonly smp: number;
  readonly wrong: MisbehaviourKind | undefined;
}

export class CellRun {
  readonly #running: readonly Running[];
  /** Who answers a container now, by name; under '' the one that is shared. */
  readonly #agents = new Map<string, number>();
  readonly #counters: CellCounters;

  constructor(
    readonly cell: GuestCell,
    readonly pen: Pen,
    readonly options: CellOptions,
  ) {
    const warmup = cell.numbers.get('warmup') ?? 0;
    this.#counters = new CellCounters(cell);
    this.#running = cell.containers.map((container, index) => ({
      container,
      uid: 100_000 + 65_536 * index,
      ns: pen.nextNamespaces(),
      sequence: Array.from({ length: container.requesters }, () => warmup),
    }));
  }

  *run(): Generator<GuestEvent> {
    yield this.#begun();
    if (this.#running.some(({ container }) => container.agent === 'shared')) yield this.#agentReady(null, false);
    for (const { container } of this.#running) {
      if (container.agent === 'own') yield this.#agentReady(container, false);
    }
    for (const index of this.cell.windows.keys()) yield* this.#window(index);
    yield this.pen.frame(200, this.#counters.body(this.options.wrong === 'helper-escape' ? 2 : 0));
    const users = { 0: { keys: 12, bytes: 900 } };
    yield this.pen.frame(10, { t: 'keys', cell: this.cell.id, under_construction: 0, users });
    yield this.pen.frame(1, { t: 'kmsg', cell: this.cell.id, lines: [] });
  }

  #begun(): GuestEvent {
    return this.pen.frame(500 * this.#running.length, {
      t: 'cell',
      id: this.cell.id,
      mechanism: this.cell.words.get('mechanism') ?? '',
      mono: this.pen.mono,
      containers: this.#running.map(({ container, uid, ns }) => {
        return { name: container.name, runtime: 'crun', start_ns: 500_000_000, uid, ns };
      }),
    });
  }

  /** An agent, of a container or (null) the shared one, says that it is ready, now or at `mono`. */
  #agentReady(container: GuestContainer | null, restart: boolean, mono = this.pen.mono): GuestEvent {
    const agent = this.pen.nextAgent();
    this.#agents.set(container?.name ?? '', agent);
    return this.pen.frame(20, {
      t: 'agent',
      cell: this.cell.id,
      container: container?.name ?? null,
      agent,
      pid: firstPid + agent,
      delivery: this.cell.words.get('delivery') as FrameOf<'agent'>['delivery'],
      mono,
      ns: this.#running.find((each) => each.container === container)?.ns ?? initNamespaces,
      restart,
    });
  }

  /** Who answers the container; 0 is the host's helper. */
  #agentOf({ agent, name }: GuestContainer): number {
    return this.#agents.get(agent === 'shared' ? '' : agent === 'own' ? name : 'nobody') ?? 0;
  }

  *#window(index: number): Generator<GuestEvent> {
    const { cell, pen } = this;
    const { unit, smp } = this.options;
    const window = cell.windows[index];
    if (window === undefined) return;
    const wrong = index === 0 ? this.options.wrong : undefined;
    const place: WindowPlace = { cell, index, window, monoStart: pen.mono };
    const outcome = simulate(cell, window, { unit, smp, sequences: this.#running.map(({ sequence }) => sequence) });
    // Nothing is written in a window's time; where something is to go wrong, it does before the first frame after it.
    const passes = outcome.drained / 1e6;
    const breaks = isMoment(wrong);
    if (breaks) yield pen.misbehave(passes, wrong);
    yield pen.frame(breaks ? 0 : passes, meterBody(place, outcome, smp));
    const before = new Map(cell.containers.map((container) => [container, this.#agentOf(container)]));
    yield* this.#faults(place);
    for (const load of outcome.loads) {
      const { container } = load;
      this.#counters.add(load);
      const foreign =
        routeOf(cell) === 'init' || container.depth > 0 || container.agent === 'shared' || wrong === 'helper-escape';
      yield pen.frame(0, windowBody(place, load, outcome.end, { wrong: wrong === 'wrong-answers' ? 3 : 0, foreign }));
      if (window.stages) yield pen.frame(0, stagesBody(place, load));
      if (!window.samples) continue;
      const agents = { before: before.get(container) ?? 0, after: this.#agentOf(container) };
      for (const body of samplesBodies(place, load, agents)) yield pen.frame(0, body);
    }
  }

  *#faults({ cell, index, window, monoStart }: WindowPlace): Generator<GuestEvent> {
    for (const fault of window.faults) {
      const target = cell.containers.find(({ name }) => name === fault.container);
      const absence = target === undefined ? undefined : absenceBy(fault, target, cell.containers);
      const stamped = (phase: 'inject' | 'clear', atMs: number): Omit<FrameOf<'fault'>, 'n'> => ({
        t: 'fault',
        cell: cell.id,
        index,
        name: fault.name,
        container: target?.name ?? null,
        phase,
        mono_before: monoStart + atMs * 1e6,
        mono_after: monoStart + atMs * 1e6 + faultNs,
        hits: 1,
        pid: target === undefined ? 0 : firstPid + this.#agentOf(target),
        ...(phase === 'clear' ? { gone: true } : {}),
      });
      yield this.pen.frame(0, stamped('inject', fault.atMs));
      // Helpers are not replaced: the next request starts another.
      if (absence !== undefined && target?.agent === 'none') continue;
      if (absence?.how === 'killed' && target !== undefined) {
        yield this.#agentReady(target.agent === 'own' ? target : null, true, monoStart + absence.until);
      }
      yield this.pen.frame(0, stamped('clear', fault.untilMs));
    }
  }
}
