// SPDX-License-Identifier: MIT
/** What a fault did: to whom it was meant for, for how long, and to bystanders. */
import * as assert from 'uvu/assert';
import type { WindowPlan } from '../../../results/plan.ts';
import { enokey } from '../../../results/testing/frames.ts';
import { aCell, aFaultCell } from '../../../results/testing/plans.ts';
import { suite } from '../../testing/suite.ts';
import { faulty, found, testCases } from './testing/cases.ts';
import { both, changing, dropping, inWindow, noWindows, panicked } from './testing/doctorings.ts';

const test = suite('oracles of faults');

/** When the time of the fault's window is up, given a frame that says when it was injected. */
function atDeadline({ index, mono_before }: { readonly index: number; readonly mono_before: number }): number {
  const { ms, faults } = faulty.windows[index] as WindowPlan;
  return mono_before + (ms - (faults?.[0]?.atMs ?? 0)) * 1e6;
}

testCases(test, 'faults', {
  'fault-took-effect': {
    cell: faulty,
    fires: [
      [changing('fault', () => ({ hits: 0 })), /kill-answerer found nothing to hit/],
      [
        // Its requests had run out before.
        both(
          changing('window', (f) => ({ mono_end: f.mono_start + 500e6 })),
          changing('fault', () => ({ hits: 0 })),
        ),
        /kill-answerer found nothing to hit/,
      ],
      [changing('fault', (f) => (f.phase === 'clear' ? { gone: false } : {})), /kill-answerer was still there/],
      [changing('fault', (f) => (f.phase === 'clear' ? { amiss: 2 } : {})), /2 times the kernel did something else/],
    ],
    unknown: [
      [dropping('fault'), /injection was not reported/],
      [changing('fault', (f) => (f.phase === 'clear' ? null : {})), /no new agent was reported ready/],
      [
        // As the runner reports one that it has not tried: at the moment when the time was up. A storm ends later.
        both(
          changing('window', (f) => ({ mono_end: f.mono_end + 300e6 })),
          changing('fault', (f) => ({ hits: 0, mono_before: atDeadline(f), mono_after: atDeadline(f) })),
        ),
        /the window was over before it could be/,
      ],
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
      [
        both(
          changing('fault', (f) => (f.phase === 'clear' ? { mono_after: f.mono_after + 3_600e9 } : {})),
          changing('samples', (f) => ({ rows: f.rows.map(([s, l, , a, w]) => [s, l, s < 1e9 ? 0 : enokey, a, w]) })),
        ),
        /cleared-too-late/,
      ],
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
});

test('a cell without fault or bystander has nothing to say about either', () => {
  for (const oracle of ['fault-took-effect', 'recovers', 'bystander-unaffected'] as const) {
    assert.is(found(oracle, aCell()).property, 'not-applicable');
  }
});

test('a bystander p99 that is not to be had is unknown, and the count that is needed is said', () => {
  const window = { ms: 4000, maxRequests: 500, samples: true };
  const fault = { name: 'kill-answerer', container: 'victim', atMs: 1000, untilMs: 1500 };
  const few = aFaultCell({ windows: [window, { ...window, faults: [fault] }] });
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

test('an agent that was stopped must have been continued for the fault to count', () => {
  const windows = faulty.windows.map((window) =>
    window.faults === undefined
      ? window
      : { ...window, faults: window.faults.map((fault) => ({ ...fault, name: 'stop-answerer' })) },
  );
  const stopped = { ...faulty, windows };
  assert.is(found('fault-took-effect', stopped).property, 'held');
  const forGood = changing('fault', (f) => (f.phase === 'clear' ? null : {}));
  assert.match(found('fault-took-effect', stopped, forGood).evidence, /agent was not reported continued/);
});

test.run();
