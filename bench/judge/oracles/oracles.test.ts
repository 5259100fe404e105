// SPDX-License-Identifier: MIT
/** For every oracle: it holds on a clean run, fires on one that was doctored, and says unknown when frames are missing. */
import * as assert from 'uvu/assert';
import type { Frame } from '../../../results/frames.ts';
import { type CellPlan, type OracleName, oracleNames } from '../../../results/plan.ts';
import { enokey, type Unnumbered } from '../../../results/testing/frames.ts';
import { aCell, aContainer, aFaultCell, aPlan } from '../../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../../results/testing/runs.ts';
import { suite } from '../../testing/suite.ts';
import { judge } from '../judge.ts';
import { recordsLost } from '../kernel-log.ts';
import type { Finding } from '../verdict.ts';

const test = suite('oracles');

type Of<T extends Frame['t']> = Extract<Unnumbered, { t: T }>;

function found(oracle: OracleName, cell: CellPlan, doctoring: Doctoring = {}): Finding {
  const run = aRun(aPlan([{ ...cell, expect: { ...cell.expect, [oracle]: 'any' } }]), doctoring);
  const verdict = judge(run).find((v) => v.oracle === oracle);
  if (verdict === undefined) throw new Error(`${oracle} was not judged`);
  return verdict;
}

/** Changes frames of one type in boot 1 only: what is wrong once is wrong. */
function changing<T extends Frame['t']>(t: T, change: (frame: Of<T>) => Partial<Of<T>> | null): Doctoring {
  return {
    frame: (frame, boot) => {
      if (frame.t !== t || boot !== 1) return frame;
      const changes = change(frame as Of<T>);
      return changes === null ? null : ({ ...frame, ...changes } as Unnumbered);
    },
  };
}

/** Drops every frame of that type in boot 1. */
const dropping = (t: Frame['t']): Doctoring => changing(t, () => null);

const inWindow = (changes: Partial<Of<'window'>>, container?: string, index?: number): Doctoring =>
  changing('window', (frame) =>
    (container ?? frame.container) === frame.container && (index ?? frame.index) === frame.index ? changes : {},
  );

const stock: CellPlan = aCell({
  mechanism: { name: 'stock', route: 'init', delivery: 'helper', helper: 'keyutils' },
  containers: [aContainer('subject', { agent: 'none' })],
  fallback: 'stock',
});
const nullActor = aCell({ mechanism: { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' } });
const fallingBack = aCell({ fallback: 'stock' });
const faulty = aFaultCell();
const window = { ms: 4000, maxRequests: 40, samples: false };
const staged = aCell({ windows: [window, { ...window, stages: true }] });
const refused = aCell({ expectedErrors: ['ENOKEY'], expect: { 'never-served': 'held' } });
const refusing: Doctoring = {
  frame: (frame) =>
    frame.t === 'window' ? { ...frame, ok: 0, errors: { ENOKEY: frame.started }, hist: frame.hist } : frame,
};
const both = (a: Doctoring, b: Doctoring): Doctoring => ({
  frame: (frame, boot) => {
    const once = a.frame === undefined ? frame : a.frame(frame, boot);
    return once === null || b.frame === undefined ? once : b.frame(once, boot);
  },
});
const kernelLine = (level: number, text: string): Doctoring =>
  changing('kmsg', ({ cell, lines }) => (cell === null ? {} : { lines: [...lines, [level, 9, text]] }));

interface Case {
  readonly cell: CellPlan;
  /** What a run must be like for the oracle to hold; clean if absent. */
  readonly clean?: Doctoring;
  readonly fires: readonly (readonly [Doctoring, RegExp])[];
  readonly unknown: readonly (readonly [Doctoring, RegExp])[];
}

const noWindows = [dropping('window'), /boot 1: .*windows were not reported/] as const;
const cutShort = [inWindow({ truncated: true }), /ledger was full/] as const;
const panic: Doctoring = { panicBefore: (frame, boot) => boot === 1 && frame.t === 'cell' };
const panicked = [panic, /guest-panic/] as const;

const cases: Readonly<Record<OracleName, Case>> = {
  'every-request-ended': {
    cell: faulty,
    fires: [
      [inWindow({ open: 1 }, 'victim', 1), /window 1 of victim: 1 of 1000 requests never ended/],
      [inWindow({ twice: 2 }), /2 of 1000 requests ended more than once/],
      [inWindow({ started: 1001 }), /1001 requests started, 1000 ended/],
      [inWindow({ ok: 3, errors: {} }), /1000 requests ended, 3 of them ok or failed/],
    ],
    unknown: [noWindows, panicked, cutShort],
  },
  'within-deadline': {
    cell: faulty,
    fires: [
      [inWindow({ late: 4 }), /4 of 1000 requests took more than 5000 ms/],
      [inWindow({ open: 1 }), /never ended/],
    ],
    unknown: [noWindows, panicked, cutShort],
  },
  'right-answerer': {
    cell: faulty,
    fires: [[inWindow({ wrong: 1 }), /1 of \d+ answers came from the wrong answerer/]],
    unknown: [noWindows, panicked, cutShort, [inWindow({ ok: 0 }), /no answer to judge/]],
  },
  'answered-in-own-namespaces': {
    cell: faulty,
    fires: [[inWindow({ foreign_ns: 1 }), /1 of \d+ answers came from another user namespace/]],
    unknown: [noWindows, panicked, cutShort, [inWindow({ ok: 0 }), /no answer to judge/]],
  },
  'expected-errors': {
    cell: faulty,
    fires: [
      [inWindow({ errors: { EDQUOT: 1 } }, 'victim', 1), /1 request failed with EDQUOT; expected are ENOKEY/],
      [inWindow({ errors: { ENOKEY: 1 } }, 'bystander', 1), /though it is a bystander/],
      [inWindow({ errors: { ENOKEY: 1 } }, 'victim', 0), /though there was no fault in this window/],
      [
        changing('samples', (f) =>
          f.container === 'victim' && f.index === 1
            ? { rows: f.rows.map((r, i) => (i === 5 ? [r[0], r[1], enokey, 0, 0] : r)) }
            : {},
        ),
        /1 request failed before the fault was injected/,
      ],
    ],
    unknown: [noWindows, panicked, cutShort],
  },
  'never-served': {
    cell: refused,
    clean: refusing,
    fires: [[both(refusing, inWindow({ ok: 1 })), /1 of 40 requests were answered/]],
    unknown: [
      [both(refusing, dropping('window')), /not reported/],
      [both(refusing, inWindow({ started: 0, ended: 0, errors: {} })), /no request ended/],
    ],
  },
  'no-host-helper': {
    cell: faulty,
    fires: [[changing('counters', (f) => ({ delta: { ...f.delta, helper_execs: 1 } })), /executed once/]],
    unknown: [
      [dropping('counters'), /counters were not reported/],
      [changing('counters', () => ({ delta: {} })), /counter helper_execs was not reported/],
      panicked,
    ],
  },
  'host-helper-spawns': {
    cell: stock,
    fires: [
      [changing('counters', (f) => ({ delta: { helper_execs: f.upcalls_ok + 1 } })), /executed 46 times, expected: 45/],
      [changing('counters', () => ({ delta: { helper_execs: 0 } })), /executed 0 times, expected: 45/],
      [changing('counters', () => ({ upcalls_failed: 2 })), /executed 45 times, expected: 47/],
    ],
    unknown: [[dropping('counters'), /counters were not reported/], panicked],
  },
  'upcalls-as-expected': {
    cell: aCell(),
    fires: [
      [
        changing('counters', (f) => ({ delta: { ...f.delta, notified_fd_write: 46 } })),
        /46 upcalls \(upcalls to agents or the fallback\), expected: 45 \(one for each request\)/,
      ],
      [changing('counters', () => ({ upcalls_failed: 1 })), /45 upcalls .+ expected: 46/],
    ],
    unknown: [
      [dropping('counters'), /counters were not reported/],
      [changing('counters', () => ({ delta: {} })), /counter notified_signal was not reported/],
      [changing('counters', (f) => ({ delta: { ...f.delta, dead: 1 } })), /the counter dead is not 0/],
      panicked,
    ],
  },
  'fault-took-effect': {
    cell: faulty,
    fires: [
      [changing('fault', (f) => (f.phase === 'inject' ? { hits: 0 } : {})), /kill-answerer found nothing to hit/],
    ],
    unknown: [
      [dropping('fault'), /injection was not reported/],
      [changing('fault', (f) => (f.phase === 'clear' ? null : {})), /no new agent was reported ready/],
      noWindows,
      panicked,
    ],
  },
  recovers: {
    cell: faulty,
    fires: [
      [
        changing('samples', (f) => ({ rows: f.rows.map(([s, l, , a, w]) => [s, l, s < 1e9 ? 0 : enokey, a, w]) })),
        /victim was not served again/,
      ],
      [
        changing('samples', (f) => ({ rows: f.rows.map(([s, l, e, a, w], i) => [s, i === 400 ? -1 : l, e, a, w]) })),
        /not served again/,
      ],
    ],
    unknown: [
      [dropping('samples'), /no-samples/],
      [changing('samples', (f) => ({ rows: f.rows.slice(1) })), /no-samples/],
      [changing('samples', () => ({ last: false })), /no-samples/],
      [dropping('fault'), /fault-not-reported/],
      [changing('fault', () => ({ hits: 0 })), /fault-missed/],
      panicked,
    ],
  },
  'bystander-unaffected': {
    cell: faulty,
    fires: [
      [inWindow({ errors: { ENOKEY: 2 } }, 'bystander', 1), /2 × ENOKEY in bystander, window 1/],
      [inWindow({ open: 1 }, 'bystander'), /1 never ended in bystander/],
      [
        changing('window', ({ container, index, hist }) => {
          if (container !== 'bystander' || index !== 1) return {};
          const buckets = hist.buckets.map(([i, c]): [number, number] => [i + 3 * 128, c]);
          return {
            hist: { ...hist, buckets, min: (hist.min as number) * 8, max: (hist.max as number) * 8, sum: hist.sum * 8 },
          };
        }),
        /p99 is 8\.00 times the fault-free one, allowed are 3/,
      ],
      [
        // It stood still while the victim was not served, and hurried afterwards: neither errors nor its p99 show it.
        changing('samples', ({ container, index, rows }) => {
          if (container !== 'bystander' || index !== 1) return {};
          const late = (start: number) => (start > 900e6 && start < 1_700e6 ? 1_700e6 : start);
          return { rows: rows.map(([start, ...rest]): (typeof rows)[number] => [late(start), ...rest]) };
        }),
        /served at 0\.000 of its fault-free rate while the victim was not, at least 1\/3 is asked/,
      ],
    ],
    unknown: [noWindows, panicked, [dropping('samples'), /its rate during the fault is not known/]],
  },
  'no-stuck-keys': {
    cell: faulty,
    fires: [[changing('keys', () => ({ under_construction: 1 })), /1 key left under construction/]],
    unknown: [
      [dropping('keys'), /keys were not reported/],
      [changing('keys', () => ({ under_construction: -1 })), /do not agree/],
      panicked,
    ],
  },
  'kernel-log-clean': {
    cell: faulty,
    fires: [
      [kernelLine(4, 'WARNING: CPU: 0 PID: 1 at kernel/x.c:3 f+0x1/0x2'), /WARN: "WARNING: CPU: 0 PID: 1 at/],
      [changing('kmsg', (f) => (f.cell === null ? { lines: [[1, 2, 'BUG: x']] } : {})), /logged outside any cell/],
    ],
    unknown: [
      [dropping('kmsg'), /kernel log was not reported to the end/],
      [kernelLine(4, recordsLost), /overwrote log records/],
      panicked,
    ],
  },
  'module-unloads': {
    cell: faulty,
    fires: [
      [
        changing('unload', () => ({ ok: false, errno: 'EBUSY', refcount_before: 1 })),
        /rmmod failed with EBUSY \(1 reference/,
      ],
    ],
    unknown: [[dropping('unload'), /unloading was not reported/], panicked],
  },
  'no-traffic-in-window': {
    cell: faulty,
    fires: [
      [
        changing('meter', ({ index }) => (index === 1 ? { rx_packets: 1, rx_bytes: 60 } : {})),
        /window 1: 1 packet came in and 0 went out \(60 bytes\)/,
      ],
      [changing('meter', () => ({ tx_packets: 2 })), /window 0: 0 packets came in and 2 went out/],
      [changing('meter', () => ({ console_bytes: 1 })), /window 0: 1 byte of console/],
    ],
    unknown: [
      [dropping('meter'), /0 of 2 windows metered \(missing-frame\)/],
      [changing('meter', ({ index }) => (index === 0 ? null : {})), /1 of 2 windows metered/],
      panicked,
    ],
  },
  'stages-add-up': {
    cell: staged,
    fires: [
      [changing('stages', () => ({ unjoined: 1 })), /window 1 of subject: 1 answered request could not be taken apart/],
      [changing('stages', () => ({ lost: 2 })), /2 records of the module were lost/],
      [changing('stages', () => ({ requests: 41 })), /41 of 40 answered requests taken apart/],
      [
        changing('stages', ({ parts }) => ({ parts: parts.slice(1) })),
        /parts add up to \d+ ns, the latencies to \d+ ns/,
      ],
    ],
    unknown: [[dropping('stages'), /window 1: its stages were not reported/], noWindows, panicked],
  },
};

for (const oracle of oracleNames) {
  const { cell, clean, fires, unknown } = cases[oracle];

  test(`${oracle} holds on a clean run`, () => {
    const { property, evidence } = found(oracle, cell, clean);
    assert.is(property, 'held', evidence);
    assert.match(evidence, /^boot 0: .+; held in all 2 boots$/);
  });

  test(`${oracle} is violated by one boot that shows it, and says which`, () => {
    for (const [doctoring, evidence] of fires) {
      const finding = found(oracle, cell, doctoring);
      assert.match(finding.evidence, evidence);
      assert.is(finding.property, 'violated', finding.evidence);
      assert.match(finding.evidence, /^boot 1: /);
    }
  });

  test(`${oracle} is unknown when what it needs is missing`, () => {
    for (const [doctoring, evidence] of unknown) {
      const finding = found(oracle, cell, doctoring);
      assert.match(finding.evidence, evidence);
      assert.is(finding.property, 'unknown', finding.evidence);
    }
  });
}

/** These rest on a count that was reported; all others on nothing bad having been reported. */
const restOnOneFrame: readonly OracleName[] = [
  'no-host-helper',
  'host-helper-spawns',
  'upcalls-as-expected',
  'no-stuck-keys',
  'module-unloads',
];

for (const oracle of oracleNames.filter((name) => !restOnOneFrame.includes(name))) {
  test(`${oracle} is not held when any frame of a boot was lost`, () => {
    const { cell, clean } = cases[oracle];
    const run = aRun(aPlan([{ ...cell, expect: { ...cell.expect, [oracle]: 'held' } }]), clean ?? {});
    const lost = run.records.findIndex(({ kind, boot }) => kind === 'frame' && boot === 1) + 3;
    const records = run.records.filter((_, i) => i !== lost);
    const verdict = judge({ ...run, records, status: 'incomplete' }).find((v) => v.oracle === oracle);
    assert.is(verdict?.property, 'unknown', verdict?.evidence);
    assert.match(verdict?.evidence ?? '', /frames were lost or garbled/);
  });
}

test('a violation that was seen stays one though the boot broke afterwards', () => {
  const finding = found('every-request-ended', faulty, {
    ...inWindow({ open: 1 }, 'victim', 0),
    panicBefore: (frame, boot) => boot === 1 && frame.t === 'window' && frame.index === 1,
  });
  assert.is(finding.property, 'violated');
});

test('a cell without fault or bystander has nothing to say about either', () => {
  for (const oracle of ['fault-took-effect', 'recovers', 'bystander-unaffected'] as const) {
    assert.is(found(oracle, aCell()).property, 'not-applicable');
  }
});

test('a kernel log that was reported after a window but not at the end of its cell, or of its boot, proves nothing', () => {
  const early: Doctoring = {
    frame: (frame) => {
      if (frame.t === 'beat') return { t: 'kmsg', cell: 'c0', lines: [] };
      return frame.t === 'kmsg' && frame.cell !== null ? null : frame;
    },
  };
  for (const doctoring of [
    early,
    { panicBefore: (frame: Unnumbered, boot: number) => boot === 1 && frame.t === 'unload' },
    { panicBefore: (frame: Unnumbered, boot: number) => boot === 1 && frame.t === 'done' },
  ]) {
    assert.is(found('kernel-log-clean', aFaultCell(), doctoring).property, 'unknown');
  }
});

test('a bystander p99 that is not to be had is unknown, and the count that is needed is said', () => {
  const window = { ms: 4000, maxRequests: 500, samples: true };
  const fault = { name: 'kill-answerer', container: 'victim', atMs: 1000, untilMs: 1500 } as const;
  const few = aFaultCell({ windows: [window, { ...window, fault }] });
  const finding = found('bystander-unaffected', few);
  assert.is(finding.property, 'unknown');
  assert.match(
    finding.evidence,
    /a p99 needs 1000 ok requests, there are 500 in fault windows and 500 in steady windows/,
  );
});

test('a bystander without a declared factor, or without fault-free windows, is unknown', () => {
  const { bystanderFactor: _, ...undeclared } = aFaultCell();
  assert.match(found('bystander-unaffected', undeclared).evidence, /declares no bystanderFactor/);
  const onlyFaults = aFaultCell({ windows: aFaultCell().windows.slice(1) });
  assert.match(found('bystander-unaffected', onlyFaults).evidence, /not both fault windows and fault-free ones/);
});

test('in a cell that is never to be served every request may fail, but only as expected', () => {
  assert.is(found('expected-errors', refused, refusing).property, 'held');
  const other = both(refusing, inWindow({ errors: { EACCES: 40 } }));
  assert.match(found('expected-errors', refused, other).evidence, /40 requests failed with EACCES/);
});

const storm = { containers: [aContainer('subject', { requesters: 4 })], warmup: 3 };
const stormOne = { ...storm, requests: { kind: 'storm-one', hitPercent: 0 } } as const;
const stormDistinct = { ...storm, requests: { kind: 'storm-distinct', hitPercent: 0 } } as const;
const mixed = { requests: { kind: 'fresh', hitPercent: 80 }, warmup: 5 } as const;

test('how many upcalls are expected follows from what is asked for, whoever answers', () => {
  const { mechanism, containers, fallback } = stock;
  for (const [workload, expected] of [
    [{}, /45 upcalls? .+ expected: 45 \(one for each request\)/],
    // Ten rounds of four requests, and three of warm-up.
    [stormOne, /13 upcalls .+ expected: 13 \(one for each round\)/],
    [stormDistinct, /52 upcalls .+ expected: 52 \(one for each request\)/],
    [mixed, /9 upcalls .+ expected: 9 \(one for each request that was no hit\)/],
  ] as const) {
    const byAgent = aCell(workload);
    const byHelper = { ...byAgent, mechanism, fallback };
    const byNobody = { ...byAgent, mechanism: nullActor.mechanism };
    for (const cell of [byAgent, byHelper, byNobody]) {
      const { property, evidence } = found('upcalls-as-expected', cell);
      assert.is(property, 'held', evidence);
      assert.match(evidence, expected);
      assert.is(found('host-helper-spawns', cell).property, 'held');
    }
    const once = changing('counters', (f) => ({
      delta: { ...f.delta, helper_execs: 1, notified_fd_write: 1, null: 1 },
    }));
    for (const cell of [byAgent, byHelper, byNobody])
      assert.is(found('upcalls-as-expected', cell, once).property, 'violated');
  }
  assert.is(containers[0]?.agent, 'none');
});

test('an upcall that found no agent is one too', () => {
  const refusals = changing('counters', (f) => ({ delta: { ...f.delta, notified_fd_write: 0, fallback_refused: 45 } }));
  assert.is(found('upcalls-as-expected', aCell(), refusals).property, 'held');
});

test('without its count of hits or rounds a workload of either cannot be judged', () => {
  const uncounted = changing('counters', () => ({ hits: undefined, rounds: undefined }));
  assert.match(found('upcalls-as-expected', aCell(mixed), uncounted).evidence, /hits were not counted/);
  assert.match(found('upcalls-as-expected', aCell(stormOne), uncounted).evidence, /rounds were not counted/);
  assert.is(found('host-helper-spawns', { ...stock, ...mixed }, uncounted).property, 'unknown');
  assert.is(found('upcalls-as-expected', aCell(), uncounted).property, 'held');
});

test('stages are judged only where windows have them', () => {
  assert.is(found('stages-add-up', aCell()).property, 'not-applicable');
});

test('an agent that was stopped must have been continued for the fault to count', () => {
  const windows = faulty.windows.map((window) =>
    window.fault === undefined ? window : { ...window, fault: { ...window.fault, name: 'stop-answerer' as const } },
  );
  const stopped = { ...faulty, windows };
  assert.is(found('fault-took-effect', stopped).property, 'held');
  const forGood = changing('fault', (f) => (f.phase === 'clear' ? null : {}));
  assert.match(found('fault-took-effect', stopped, forGood).evidence, /agent was not reported continued/);
});

test('a runner of the first protocol had no meter, which is not a frame that is missing', () => {
  const old: Doctoring = {
    frame: (frame) => (frame.t === 'meter' ? null : frame.t === 'hello' ? { ...frame, protocol: 1 } : frame),
  };
  assert.match(found('no-traffic-in-window', aCell(), old).evidence, /0 of 1 window metered \(not-metered\)/);
});

test('how often the helper is expected follows from route and fallback', () => {
  const counted = (execs: number, fallen: number): Doctoring =>
    changing('counters', () => ({ delta: { helper_execs: execs, fallback_stock: fallen } }));
  const property = (cell: CellPlan, doctoring: Doctoring) => found('host-helper-spawns', cell, doctoring).property;
  assert.is(property(nullActor, counted(0, 0)), 'held');
  assert.is(property(nullActor, counted(1, 0)), 'violated');
  assert.is(property(faulty, counted(0, 0)), 'held');
  assert.is(property(faulty, counted(2, 2)), 'violated');
  assert.is(property(fallingBack, counted(2, 2)), 'held');
  assert.is(property(fallingBack, counted(3, 2)), 'violated');
  assert.is(
    property(
      fallingBack,
      changing('counters', () => ({ delta: { helper_execs: 0 } })),
    ),
    'unknown',
  );
});

test('no-traffic-in-window names what the kernel itself said, and does not hold it against the run', () => {
  const { cell } = cases['no-traffic-in-window'];
  const talkative: Doctoring = {
    frame: (frame) => (frame.t === 'meter' ? { ...frame, kernel_log_bytes: 26 } : frame),
  };
  const { property, evidence } = found('no-traffic-in-window', cell, talkative);
  assert.is(property, 'held', evidence);
  assert.match(evidence, /52 bytes of the kernel's own log/);
});

test.run();
