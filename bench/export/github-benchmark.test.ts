// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { readRun } from '../../results/run-reader.ts';
import { judgedAs } from '../compare/judged.ts';
import { metricsOf } from '../measure/metrics.ts';
import { examplesDir } from '../run/run-folder.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { githubBenchmark } from './github-benchmark.ts';
import { arbitraryParts, exportableOf } from './testing/arbitrary.ts';

const test = suite('files for github-action-benchmark', { timeoutMs: 60_000 });
test.after(removeTestRuns);

/** What the action takes for a number, and a range it knows nothing of otherwise. */
const range = z.string().refine((text) => /^± \d/.test(text) && Number.isFinite(Number(text.slice(2))));

/** As the action has it, but strict. */
const entries = z.array(
  z.strictObject({
    name: z.string().min(1),
    value: z.number(),
    unit: z.string(),
    range: range.optional(),
    extra: z.string(),
  }),
);

const { judged } = await testRun({ plan: { boots: 3 } });

test('each judged figure is in one of the files, by which way is better', () => {
  const [smaller, bigger] = (['lower', 'higher'] as const).map((way) =>
    entries.parse(JSON.parse(githubBenchmark(judged, way))),
  );
  assert.ok(smaller?.some(({ name }) => name.startsWith('upcall.latency.p50 of latency × keyagent-fd, subject')));
  assert.ok(bigger?.every(({ name }) => /^(upcall\.throughput|upcall\.fairness)/.test(name)));
  const there = judged.metrics.filter(
    (metric) => judgedAs(metric) !== null && metric.samples.some(({ value }) => value !== null),
  );
  assert.is((smaller?.length ?? 0) + (bigger?.length ?? 0), there.length);
});

test('the median, how far the furthest boot is from it, and which boots have none', () => {
  const values = [4, null, 10, 5];
  const samples = values.map((value, boot) => ({
    ...{ boot, block: boot, host: 'h', seed: 1, value },
    ...(value === null ? { reason: 'guest-panic' } : {}),
  }));
  const dimensions = {
    scenario: 'latency',
    mechanism: 'm',
    machine: 'qemu',
    accelerator: 'kvm',
    smp: 1,
    clock: 'wall',
  };
  const of = (which: typeof samples) => [
    { name: 'upcall.latency.p50', unit: 'ns', dimensions, samples: which } as const,
  ];
  assert.equal(JSON.parse(githubBenchmark({ ...judged, metrics: of(samples) }, 'lower')), [
    {
      name: 'upcall.latency.p50 of latency × m (qemu kvm, smp 1, wall clock)',
      unit: 'ns',
      value: 5,
      range: '± 5',
      extra: '3 of 4 boots; guest-panic in boot 1',
    },
  ]);
  const [one] = entries.parse(JSON.parse(githubBenchmark({ ...judged, metrics: of(samples.slice(0, 1)) }, 'lower')));
  assert.is(one?.range, undefined, 'one boot has no range');
  assert.equal(JSON.parse(githubBenchmark({ ...judged, metrics: of(samples.slice(1, 2)) }, 'lower')), []);
});

test('no two figures of a run have one name, by which the action would take them for the same', () => {
  const run = readRun(`${examplesDir}/quick-1`);
  for (const metrics of [judged.metrics, metricsOf(run)]) {
    for (const way of ['lower', 'higher'] as const) {
      const names = entries.parse(JSON.parse(githubBenchmark({ ...judged, metrics }, way))).map(({ name }) => name);
      assert.ok(names.length > 0);
      assert.equal(names, [...new Set(names)]);
    }
  }
});

test('whatever things are called, it is what the action reads', () => {
  fc.assert(
    fc.property(arbitraryParts, (parts) => {
      const exportable = exportableOf(judged.run, parts);
      for (const way of ['lower', 'higher'] as const) {
        for (const { name } of entries.parse(JSON.parse(githubBenchmark(exportable, way)))) {
          assert.not.match(name, /[\p{Cc}\p{Cs}]/u);
        }
      }
    }),
  );
});

test.run();
