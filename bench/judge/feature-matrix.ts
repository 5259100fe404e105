// SPDX-License-Identifier: MIT
/**
 * What each mechanism guards, on one page: mechanism × property, with what was expected and the evidence. Made from a run's plan and
 * verdicts and nothing else; what was not tried is said to be so, and never taken for held.
 */
import { z } from 'zod';
import { bootsOf } from '../../results/boots.ts';
import { expectedSchema, type Plan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { findMechanism, mechanisms } from '../mechanisms/index.ts';
import { type Feature, features } from './features.ts';
import type { Verdict } from './verdict.ts';

export const featureOutcomes = ['held', 'violated', 'not-applicable', 'unknown', 'not-measured'] as const;

export const featureCellSchema = z.strictObject({
  mechanism: z.string(),
  outcome: z.enum(featureOutcomes),
  /** Null where nothing was expected, as nothing was tried. */
  expected: expectedSchema.nullable(),
  verdict: z.enum(['pass', 'fail', 'unknown']).nullable(),
  /** What was seen; or why it does not apply, or was not measured. */
  evidence: z.string(),
});
export type FeatureCell = z.infer<typeof featureCellSchema>;

export const featureMatrixSchema = z.strictObject({
  schema: z.literal('keystorm/features/1'),
  run: z.string(),
  /** The kernel that booted; as it was asked for if none did. */
  kernel: z.string(),
  mechanisms: z.array(z.string()),
  features: z.array(
    z.strictObject({
      scenario: z.string(),
      property: z.string(),
      question: z.string(),
      /** One for each mechanism, in that order. */
      cells: z.array(featureCellSchema),
    }),
  ),
});
export type FeatureMatrix = z.infer<typeof featureMatrixSchema>;

/** Pure. Rows that no mechanism of the run was tried for are there too: whoever shows them may fold them up. */
export function featureMatrix({ manifest, records }: StoredRun, verdicts: readonly Verdict[]): FeatureMatrix {
  const { plan, runId } = manifest;
  const names = mechanismsOf(plan);
  return {
    schema: 'keystorm/features/1',
    run: runId,
    kernel: bootsOf(plan, records).find(({ start }) => start !== null)?.start?.description.kernel ?? plan.kernel,
    mechanisms: names,
    features: rowsOf(plan, verdicts).map((feature) => ({
      ...feature,
      cells: names.map((mechanism) => ({ mechanism, ...cellOf(plan, verdicts, feature, mechanism) })),
    })),
  };
}

/** Has any mechanism been tried for this row? */
export function isTried({ cells }: FeatureMatrix['features'][number]): boolean {
  return cells.some(({ outcome }) => outcome !== 'not-measured' && outcome !== 'not-applicable');
}

/** Every mechanism the plan has something to say about, floors excepted, in the usual order; unknown ones last. */
export function mechanismsOf(plan: Plan): string[] {
  const named = new Set([
    ...[...plan.cells, ...plan.checks].map(({ mechanism }) => mechanism.name),
    ...plan.notApplicable.map(({ mechanism }) => mechanism),
  ]);
  const usual = mechanisms.map(({ mechanism }) => mechanism.name).filter((name) => named.has(name));
  const others = [...named].filter((name) => !usual.includes(name));
  return [...usual, ...others].filter((name) => findMechanism(name)?.floor !== true);
}

/** The usual rows, then what this run's checks reported beside them. */
function rowsOf(plan: Plan, verdicts: readonly Verdict[]): Feature[] {
  const rows = features();
  const blocks = new Set(plan.checks.map(({ id }) => id));
  for (const { oracle, dimensions } of verdicts) {
    if (!blocks.has(String(dimensions.cell)) || oracle === 'kernel-log-clean') continue;
    const scenario = String(dimensions.scenario);
    if (rows.some((row) => row.scenario === scenario && row.property === oracle)) continue;
    const last = rows.map((row) => row.scenario).lastIndexOf(scenario);
    const row = { scenario, property: oracle, question: rows[last]?.question ?? '' };
    rows.splice(last < 0 ? rows.length : last + 1, 0, row);
  }
  return rows;
}

function cellOf(
  plan: Plan,
  verdicts: readonly Verdict[],
  { scenario, property }: Feature,
  mechanism: string,
): Omit<FeatureCell, 'mechanism'> {
  const own = verdicts.filter(
    ({ oracle, dimensions }) =>
      oracle === property && dimensions.scenario === scenario && dimensions.mechanism === mechanism,
  );
  const worst = (['fail', 'unknown', 'pass'] as const).flatMap((word) =>
    own.filter(({ verdict }) => verdict === word),
  )[0];
  if (worst !== undefined) {
    const { property: outcome, expected, verdict, evidence } = worst;
    return { outcome, expected, verdict, evidence };
  }
  const untried = (outcome: 'not-applicable' | 'not-measured', evidence: string) => {
    return { outcome, expected: null, verdict: null, evidence };
  };
  const left = plan.notApplicable.find((each) => each.scenario === scenario && each.mechanism === mechanism);
  if (left !== undefined) return untried('not-applicable', left.reason);
  const ran = [...plan.cells, ...plan.checks].some(
    (each) => each.scenario === scenario && each.mechanism.name === mechanism,
  );
  if (ran) return untried('not-applicable', `scenario ${scenario} does not ask this of ${mechanism}`);
  return untried('not-measured', `scenario ${scenario} was not run with ${mechanism}`);
}
