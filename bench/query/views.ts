// SPDX-License-Identifier: MIT
/** What can be asked of stored runs: tables with typed columns, each with the rows that a run gives. docs/query.md tells what they mean. */
import { bootsOf, cellsInBoot } from '../../results/boots.ts';
import { cellView } from '../../results/cell-view.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import type { Verdict } from '../judge/verdict.ts';
import { median } from '../measure/median.ts';
import type { Dimensions, Metric } from '../measure/metric.ts';

export const columnTypes = ['VARCHAR', 'DOUBLE', 'BOOLEAN', 'TIMESTAMP'] as const;
export type ColumnType = (typeof columnTypes)[number];
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** A run with what follows from it. */
export interface Judged {
  readonly run: StoredRun;
  readonly metrics: readonly Metric[];
  readonly verdicts: readonly Verdict[];
}

export interface View {
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly rows: (judged: Judged) => Row[];
}

/** Dimensions that have columns of their own; `dimensions` has all, as JSON. */
const dimensionColumns = {
  scenario: 'VARCHAR',
  mechanism: 'VARCHAR',
  container: 'VARCHAR',
  phase: 'VARCHAR',
  load: 'VARCHAR',
  errno: 'VARCHAR',
  dimensions: 'VARCHAR',
} as const;

function dimensionsOf(dimensions: Dimensions): Row {
  const { scenario, mechanism, container, phase, load, errno } = dimensions;
  const own = { scenario, mechanism, container, phase, load, errno };
  const texts = Object.entries(own).map(([name, value]) => [name, value === undefined ? null : String(value)]);
  return { ...Object.fromEntries(texts), dimensions: JSON.stringify(dimensions) };
}

const metricColumns = { run: 'VARCHAR', metric: 'VARCHAR', unit: 'VARCHAR', ...dimensionColumns } as const;

export const views: Readonly<Record<string, View>> = {
  runs: {
    columns: {
      run: 'VARCHAR',
      folder: 'VARCHAR',
      created_at: 'TIMESTAMP',
      status: 'VARCHAR',
      kernel: 'VARCHAR',
      module: 'VARCHAR',
      machine: 'VARCHAR',
      accelerator: 'VARCHAR',
      smp: 'DOUBLE',
      clock: 'VARCHAR',
      host: 'VARCHAR',
      seed: 'DOUBLE',
      boots: 'DOUBLE',
      tool_version: 'VARCHAR',
      tool_commit: 'VARCHAR',
    },
    rows: ({ run }) => {
      const { manifest, dir, status, records } = run;
      const start = records.find((record) => record.kind === 'boot-start');
      const description = start?.kind === 'boot-start' ? start.description : null;
      return [
        {
          run: manifest.runId,
          folder: dir,
          created_at: manifest.createdAt,
          status,
          kernel: description?.kernel ?? manifest.plan.kernel,
          module: description?.moduleHash ?? null,
          machine: description?.machine ?? manifest.plan.machine,
          accelerator: description?.accelerator ?? null,
          smp: description?.smp ?? manifest.plan.smp,
          clock: description?.clock ?? manifest.plan.clock,
          host: manifest.host.name,
          seed: manifest.seed,
          boots: manifest.plan.boots.length,
          tool_version: manifest.tool.version,
          tool_commit: manifest.tool.commit,
        },
      ];
    },
  },
  boots: {
    columns: {
      run: 'VARCHAR',
      boot: 'DOUBLE',
      block: 'DOUBLE',
      seed: 'DOUBLE',
      finished: 'BOOLEAN',
      reason: 'VARCHAR',
    },
    rows: ({ run }) =>
      bootsOf(run.manifest.plan, run.records).map(({ plan, finished, reason }) => ({
        run: run.manifest.runId,
        boot: plan.index,
        block: plan.block,
        seed: plan.seed,
        finished,
        reason: finished ? null : reason,
      })),
  },
  failures: {
    columns: {
      run: 'VARCHAR',
      boot: 'DOUBLE',
      kind: 'VARCHAR',
      title: 'VARCHAR',
      fingerprint: 'VARCHAR',
      message: 'VARCHAR',
    },
    rows: ({ run }) =>
      run.records.flatMap((record): Row[] => {
        if (record.kind !== 'failure') return [];
        const { boot, failureKind, title, fingerprint, message } = record;
        const named = { title: title ?? null, fingerprint: fingerprint ?? null };
        return [{ run: run.manifest.runId, boot, kind: failureKind, ...named, message }];
      }),
  },
  metrics: {
    columns: {
      ...metricColumns,
      boots: 'DOUBLE',
      missing: 'DOUBLE',
      median: 'DOUBLE',
      least: 'DOUBLE',
      greatest: 'DOUBLE',
    },
    rows: ({ run, metrics }) =>
      metrics.map((metric) => {
        const values = metric.samples.flatMap(({ value }) => (value === null ? [] : [value]));
        const none = values.length === 0;
        return {
          run: run.manifest.runId,
          metric: metric.name,
          unit: metric.unit,
          ...dimensionsOf(metric.dimensions),
          boots: metric.samples.length,
          missing: metric.samples.length - values.length,
          median: none ? null : median(values),
          least: none ? null : Math.min(...values),
          greatest: none ? null : Math.max(...values),
        };
      }),
  },
  samples: {
    columns: { ...metricColumns, boot: 'DOUBLE', block: 'DOUBLE', host: 'VARCHAR', value: 'DOUBLE', reason: 'VARCHAR' },
    rows: ({ run, metrics }) =>
      metrics.flatMap((metric) =>
        metric.samples.map(({ boot, block, host, value, reason }) => ({
          run: run.manifest.runId,
          metric: metric.name,
          unit: metric.unit,
          ...dimensionsOf(metric.dimensions),
          boot,
          block,
          host,
          value,
          reason: reason ?? null,
        })),
      ),
  },
  verdicts: {
    columns: {
      run: 'VARCHAR',
      oracle: 'VARCHAR',
      ...dimensionColumns,
      property: 'VARCHAR',
      expected: 'VARCHAR',
      verdict: 'VARCHAR',
      evidence: 'VARCHAR',
    },
    rows: ({ run, verdicts }) =>
      verdicts.map(({ oracle, dimensions, property, expected, verdict, evidence }) => ({
        run: run.manifest.runId,
        oracle,
        ...dimensionsOf(dimensions),
        property,
        expected,
        verdict,
        evidence,
      })),
  },
  windows: {
    columns: {
      run: 'VARCHAR',
      boot: 'DOUBLE',
      scenario: 'VARCHAR',
      mechanism: 'VARCHAR',
      window: 'DOUBLE',
      container: 'VARCHAR',
      role: 'VARCHAR',
      phase: 'VARCHAR',
      load: 'VARCHAR',
      seconds: 'DOUBLE',
      started: 'DOUBLE',
      ended: 'DOUBLE',
      ok: 'DOUBLE',
      errors: 'DOUBLE',
      least_ns: 'DOUBLE',
      greatest_ns: 'DOUBLE',
    },
    rows: ({ run }) => {
      const { plan, runId } = run.manifest;
      return bootsOf(plan, run.records).flatMap((boot) =>
        cellsInBoot(plan, boot.plan).flatMap((cell) =>
          cellView(cell, boot).windows.flatMap(({ frame, index, container, phase, load }): Row[] => {
            if (frame === null) return [];
            const any = frame.hist.count > 0;
            return [
              {
                run: runId,
                boot: boot.plan.index,
                scenario: cell.scenario,
                mechanism: cell.mechanism.name,
                window: index,
                container: container.name,
                role: container.role,
                phase,
                load,
                seconds: (frame.mono_end - frame.mono_start) / 1e9,
                started: frame.started,
                ended: frame.ended,
                ok: frame.ok,
                errors: Object.values(frame.errors).reduce((sum, each) => sum + each, 0),
                least_ns: any ? frame.hist.min : null,
                greatest_ns: any ? frame.hist.max : null,
              },
            ];
          }),
        ),
      );
    },
  },
};
