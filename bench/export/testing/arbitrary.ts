// SPDX-License-Identifier: MIT
/** For tests: judged runs in which every text is whatever a guest, or a host, may have called something. */
import * as fc from 'fast-check';
import type { StoredRun } from '../../../results/run-reader.ts';
import type { Verdict } from '../../judge/verdict.ts';
import type { Metric, Unit } from '../../measure/metric.ts';
import type { Exportable } from '../exportable.ts';

/** Any text: control characters, halves of surrogate pairs, and what means something in XML and elsewhere. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    ']]>',
    '<!--',
    '&amp;',
    '"/><x a="',
    "'",
    '\u001b[31mred',
    'a\nb\tc',
    '\ufffe',
    '\\',
    '\\"',
    '# EOF',
    '%20',
    ' ',
  ),
);

const properties = ['held', 'violated', 'unknown', 'not-applicable'] as const;
const units: readonly Unit[] = ['ns', '1/s', '1', 'byte', 'virtual-ns'];

const dimensions = fc
  .record({
    scenario: text,
    mechanism: text,
    load: text,
    kernel: text,
    accelerator: text,
    smp: fc.integer({ min: 1, max: 64 }),
  })
  .map((each) => ({ ...each, machine: 'fake', clock: 'virtual' }));

const verdict: fc.Arbitrary<Verdict> = fc.record({
  oracle: text,
  property: fc.constantFrom(...properties),
  expected: fc.constantFrom('held', 'violated', 'any'),
  verdict: fc.constantFrom('pass', 'fail', 'unknown'),
  dimensions,
  evidence: text,
});

const metric: fc.Arbitrary<Metric> = fc.record({
  name: fc.constantFrom('upcall.latency.p50', 'upcall.throughput', 'floor.syscall.p50', 'window.bytes'),
  unit: fc.constantFrom(...units),
  dimensions,
  samples: fc
    .array(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((value) => ({ value })),
        fc.constant({ value: null, reason: 'guest-panic' }),
        fc.constant({ value: Number.POSITIVE_INFINITY }),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((values) => values.map((each, boot) => ({ boot, block: boot, host: 'host', seed: boot, ...each }))),
});

/** What is drawn of a run; what was recorded is that of a given one, which would drown whatever a property has to say. */
export const arbitraryParts = fc.record({
  repro: text,
  cpuModel: text,
  metrics: fc.array(metric, { maxLength: 5 }),
  verdicts: fc.array(verdict, { maxLength: 5 }),
});

type Parts = typeof arbitraryParts extends fc.Arbitrary<infer T> ? T : never;

export function exportableOf(run: StoredRun, { repro, cpuModel, metrics, verdicts }: Parts): Exportable {
  const host = { ...run.manifest.host, cpuModel };
  return { run: { ...run, manifest: { ...run.manifest, repro, host } }, metrics, verdicts };
}
