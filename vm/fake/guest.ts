// SPDX-License-Identifier: MIT
/** What the fake guest's runner does with a plan: a sequence of frames, each with the time that passes before it. */
import { type Frame, type FrameOf, type FrameType, type Namespaces, protocolVersion } from '../../results/frames.ts';
import { histogramOf } from '../../results/histogram-data.ts';
import type { GuestCell, GuestContainer, GuestFloor, GuestPlan, GuestWindow } from './guest-plan.ts';
import type { MisbehaviourKind } from './misbehaviour.ts';
import { enokey, isForbidden, type Request, requestsOf, type Unit } from './workload.ts';

/** A frame before the runner has numbered it. */
export type Body = { [T in FrameType]: Omit<FrameOf<T>, 'n'> }[FrameType];

/** Something that happens `afterMs` after what went before. */
export type GuestEvent =
  | { readonly afterMs: number; readonly kind: 'frame'; readonly body: Body }
  /** Here the machine does what its script says. */
  | { readonly afterMs: number; readonly kind: 'misbehave'; readonly what: MisbehaviourKind };

const rowsPerFrame = 2_000;
const floorNs: Readonly<Record<string, number>> = {
  syscall: 400,
  add_key: 45_000,
  eventfd: 65_000,
  vfork_exec: 2_000_000,
};

const namespacesFrom = (first: number): Namespaces => ({
  user: first,
  net: first + 1,
  mnt: first + 2,
  pid: first + 3,
  uts: first + 4,
  ipc: first + 5,
  cgroup: first + 6,
});
const initNamespaces = namespacesFrom(4_026_531_830);

export interface GuestOptions {
  readonly kernelRelease: string;
  readonly cmdline: string;
  readonly smp: number;
  readonly unit: Unit;
  /** What goes wrong in a cell, by the cell's position in the boot. */
  readonly misbehaviour: (cell: number) => MisbehaviourKind | undefined;
}

/** The runner: yields everything that it writes, in order. `mono` of a frame is the sum of the times before it. */
export class Runner {
  #mono = 5_000_000_000;
  #agents = 0;
  #namespaces = 4_026_532_000;

  constructor(
    readonly plan: GuestPlan,
    readonly options: GuestOptions,
  ) {}

  *run(): Generator<GuestEvent> {
    yield this.#frame(20, { ...this.#hello(), mono: this.#mono });
    let position = 0;
    for (const step of this.plan.steps) {
      yield this.#frame(1, { t: 'beat', mono: this.#mono, phase: step.kind });
      if (step.kind === 'floor') yield this.#floor(step);
      else yield* this.#cell(step, this.options.misbehaviour(position++));
    }
    yield this.#frame(300, { t: 'unload', ok: true, errno: null, ns: 250_000_000, refcount_before: 0 });
    yield this.#frame(1, { t: 'kmsg', cell: null, lines: [] });
    yield this.#frame(1, { t: 'done', mono: this.#mono });
  }

  #frame(afterMs: number, body: Body): GuestEvent {
    this.#mono += Math.round(afterMs * 1e6);
    return { afterMs, kind: 'frame', body };
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
      mono: this.#mono,
      init_ns: initNamespaces,
    };
  }

  #floor({ name, iterations }: GuestFloor): GuestEvent {
    const typical = floorNs[name] ?? 1_000;
    const values = Array.from({ length: iterations }, () =>
      Math.round(typical * (0.9 + 0.3 * this.options.unit() ** 4)),
    );
    const hist = histogramOf(values);
    const mono_start = this.#mono;
    this.#mono += hist.sum;
    const body = {
      t: 'floor',
      name: name as FrameOf<'floor'>['name'],
      hist,
      mono_start,
      mono_end: this.#mono,
    } as const;
    return { afterMs: hist.sum / 1e6, kind: 'frame', body };
  }

  *#cell(cell: GuestCell, wrong: MisbehaviourKind | undefined): Generator<GuestEvent> {
    const containers = cell.containers.map((container, index) => {
      this.#namespaces += 10;
      return { container, uid: 100_000 + 65_536 * index, ns: namespacesFrom(this.#namespaces), agent: 0 };
    });
    yield this.#frame(500 * containers.length, {
      t: 'cell',
      id: cell.id,
      mechanism: cell.words.get('mechanism') ?? '',
      mono: this.#mono,
      containers: containers.map(({ container, uid, ns }) => {
        return { name: container.name, runtime: 'crun', start_ns: 500_000_000, uid, ns };
      }),
    });
    for (const each of containers) {
      if (each.container.agent === 'own') yield this.#agent(cell, each, false);
    }
    const seen: Request[] = [];
    let forbidden = 0;
    for (const [index, window] of cell.windows.entries()) {
      const all = containers.map((each) => ({
        each,
        requests: requestsOf(cell, each.container, window, this.options.unit),
      }));
      const lastEnd = Math.max(0, ...all.flatMap(({ requests }) => requests.slice(-8).map((r) => r.start + r.latency)));
      const start = this.#mono;
      yield* this.#passing(lastEnd / 1e6, index === 0 ? wrong : undefined);
      for (const { each, requests } of all) {
        seen.push(...requests);
        if (isForbidden(cell, each.container)) forbidden += requests.length;
        if (window.fault?.container === each.container.name) yield* this.#fault(cell, index, window, each, start);
        yield this.#window(cell, index, window, each, requests, start, index === 0 ? wrong : undefined);
        if (window.samples) yield* this.#samples(cell, index, each, requests, start);
      }
    }
    yield* this.#closing(cell, seen, forbidden, wrong);
  }

  /** A window's time, in which nothing is written, and then what was to go wrong. */
  *#passing(ms: number, wrong: MisbehaviourKind | undefined): Generator<GuestEvent> {
    yield this.#frame(ms, { t: 'beat', mono: this.#mono, phase: 'window' });
    const atOnce: readonly (MisbehaviourKind | undefined)[] = [
      'panic',
      'hang',
      'no-progress',
      'lost-connection',
      'runner-error',
      'freeze',
      'corrupt-frame',
      'lost-frame',
    ];
    if (wrong !== undefined && atOnce.includes(wrong)) yield { afterMs: 0, kind: 'misbehave', what: wrong };
  }

  /** An agent says that it is ready, now or at `mono`. */
  #agent(
    cell: GuestCell,
    each: { container: GuestContainer; ns: Namespaces; agent: number },
    restart: boolean,
    mono = this.#mono,
  ) {
    each.agent = ++this.#agents;
    return this.#frame(20, {
      t: 'agent',
      cell: cell.id,
      container: each.container.name,
      agent: each.agent,
      pid: 300 + each.agent,
      delivery: cell.words.get('delivery') === 'signal' ? 'signal' : 'fd-write',
      mono,
      ns: each.ns,
      restart,
    });
  }

  *#fault(
    cell: GuestCell,
    index: number,
    window: GuestWindow,
    each: { container: GuestContainer; ns: Namespaces; agent: number },
    start: number,
  ): Generator<GuestEvent> {
    if (window.fault === undefined) return;
    const { name, container, atMs, untilMs } = window.fault;
    const at = (ms: number) => ({ mono_before: start + ms * 1e6, mono_after: start + ms * 1e6 + 20_000 });
    const common = { t: 'fault', cell: cell.id, index, name, container, hits: 1, pid: 300 + each.agent } as const;
    yield this.#frame(0, { ...common, phase: 'inject', ...at(atMs) });
    if (each.container.agent === 'own') yield this.#agent(cell, each, true, start + untilMs * 1e6);
    yield this.#frame(0, { ...common, phase: 'clear', ...at(untilMs) });
  }

  #window(
    cell: GuestCell,
    index: number,
    window: GuestWindow,
    each: { container: GuestContainer },
    requests: readonly Request[],
    start: number,
    wrong: MisbehaviourKind | undefined,
  ): GuestEvent {
    const ok = requests.filter((request) => request.errno === 0);
    const failed = requests.filter((request) => request.errno !== 0);
    const late = requests.filter(({ latency }) => latency > (cell.numbers.get('deadline_ms') ?? 0) * 1e6).length;
    const fromInit = cell.words.get('route') === 'init' || wrong === 'helper-escape';
    return this.#frame(0, {
      t: 'window',
      cell: cell.id,
      index,
      container: each.container.name,
      mono_start: start,
      mono_end: Math.max(start + (window.fault === undefined ? 0 : window.ms * 1e6), this.#mono),
      started: requests.length,
      ended: requests.length,
      ok: ok.length,
      errors: failed.length === 0 ? {} : { ENOKEY: failed.length },
      wrong: wrong === 'wrong-answers' ? Math.min(3, ok.length) : 0,
      foreign_ns: fromInit ? ok.length : 0,
      open: 0,
      twice: 0,
      late,
      truncated: false,
      hist: histogramOf(ok.map((request) => request.latency)),
      errors_hist: failed.length === 0 ? null : histogramOf(failed.map((request) => request.latency)),
    });
  }

  *#samples(
    cell: GuestCell,
    index: number,
    each: { container: GuestContainer; agent: number },
    requests: readonly Request[],
    start: number,
  ): Generator<GuestEvent> {
    const first = Math.max(0, each.agent - 1);
    for (let from = 0; from === 0 || from < requests.length; from += rowsPerFrame) {
      const rows = requests
        .slice(from, from + rowsPerFrame)
        .map((request): [number, number, number, number, number] => {
          const agent = request.errno !== 0 || each.agent === 0 ? 0 : request.afterRestart ? each.agent : first;
          return [request.start, request.latency, request.errno, agent, request.worker];
        });
      yield this.#frame(0, {
        t: 'samples',
        cell: cell.id,
        index,
        container: each.container.name,
        mono_start: start,
        fields: ['start', 'latency', 'errno', 'agent', 'worker'],
        rows,
        last: from + rowsPerFrame >= requests.length,
      });
    }
  }

  *#closing(
    cell: GuestCell,
    seen: readonly Request[],
    forbidden: number,
    wrong: MisbehaviourKind | undefined,
  ): Generator<GuestEvent> {
    const failed = seen.filter((request) => request.errno === enokey).length;
    const ok = seen.length - failed;
    yield this.#frame(200, {
      t: 'counters',
      cell: cell.id,
      delta: deltaOf(cell, ok, failed, forbidden, wrong === 'helper-escape' ? 2 : 0),
      upcalls_ok: ok,
      upcalls_failed: failed,
    });
    yield this.#frame(10, { t: 'keys', cell: cell.id, under_construction: 0, users: { 0: { keys: 12, bytes: 900 } } });
    yield this.#frame(1, { t: 'kmsg', cell: cell.id, lines: [] });
  }
}

/** The module's counters over a cell, as they would follow from its requests. */
function deltaOf(cell: GuestCell, ok: number, failed: number, forbidden: number, escapes: number) {
  const route = cell.words.get('route');
  const spawns = route === 'init' ? ok + failed : escapes;
  const told = route === 'session' ? ok : 0;
  const signal = cell.words.get('delivery') === 'signal';
  return {
    session_signal: signal ? told : 0,
    session_fd_write: signal ? 0 : told,
    null: route === 'null' ? ok : 0,
    fallback_stock: 0,
    fallback_refused: forbidden,
    ineligible: forbidden,
    dead: route === 'session' ? failed - forbidden : 0,
    timeouts: 0,
    killed: 0,
    queue_full: 0,
    in_flight: 0,
    helper_execs: spawns,
    helper_execs_init: spawns,
  };
}

/** A frame with its number. */
export function numbered(n: number, body: Body): Frame {
  return { ...body, n } as Frame;
}
