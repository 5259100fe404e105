// SPDX-License-Identifier: MIT
/**
 * What each mechanism made of each fault: what an upcall path must survive (scenarios/faults/rows.ts) × mechanism. Made from a run's plan,
 * records and verdicts and nothing else; what was not tried is said to be so, and never taken for survived.
 */
import { z } from 'zod';
import { bootsOf } from '../../results/boots.ts';
import type { CellPlan, CheckBlock, Plan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { faultsIn } from '../../scenarios/faults/in-scenario.ts';
import { faults } from '../../scenarios/faults/index.ts';
import { rows } from '../../scenarios/faults/rows.ts';
import { allScenarios } from '../../scenarios/index.ts';
import { latency } from '../../scenarios/latency.ts';
import { reasonAgainst } from '../../scenarios/reason-against.ts';
import { isApplicable } from '../../scenarios/types.ts';
import { findMechanism } from '../mechanisms/index.ts';
import { faultsPlannedIn, hitsByCell } from './fault-hits.ts';
import { mechanismsOf } from './feature-matrix.ts';
import type { Verdict } from './verdict.ts';

/**
 * 'survived': every property that was judged held, but for what the mechanism lacks without a fault too, which its evidence then names. 'weak':
 * another did not, as had been expected before the first boot. 'failed': one was not as expected. 'missed': the fault took no effect, so the
 * rest shows nothing.
 */
export const faultOutcomes = [
  'survived',
  'weak',
  'failed',
  'missed',
  'unknown',
  'not-applicable',
  'not-measured',
] as const;

export const faultCellSchema = z.strictObject({
  mechanism: z.string(),
  outcome: z.enum(faultOutcomes),
  /** How often the faults of the row were seen to take effect; null where nothing was tried, or nobody said. */
  hits: z.int().min(0).nullable(),
  /** What decides, with its evidence; or why it does not apply, or was not measured. */
  evidence: z.array(z.string()),
});
export type FaultCell = z.infer<typeof faultCellSchema>;

export const faultMatrixSchema = z.strictObject({
  schema: z.literal('keystorm/faults/1'),
  run: z.string(),
  mechanisms: z.array(z.string()),
  rows: z.array(
    z.strictObject({
      row: z.int(),
      what: z.string(),
      expected: z.string(),
      faults: z.array(z.string()),
      scenarios: z.array(z.string()),
      /** One for each mechanism, in that order. */
      cells: z.array(faultCellSchema),
    }),
  ),
});
export type FaultMatrix = z.infer<typeof faultMatrixSchema>;

/** Pure. Every row is there, tried or not. */
export function faultMatrix(run: StoredRun, verdicts: readonly Verdict[]): FaultMatrix {
  const { plan, runId } = run.manifest;
  const mechanisms = mechanismsOf(plan);
  const hits = hitsByCell(plan, bootsOf(plan, run.records));
  return {
    schema: 'keystorm/faults/1',
    run: runId,
    mechanisms,
    rows: rows.map(({ row, what, expected }) => {
      const ofRow = faults.filter((fault) => fault.rows.includes(row)).map(({ name }) => name);
      const scenarios = allScenarios
        .filter((scenario) => faultsIn(scenario).some((name) => ofRow.includes(name)))
        .map(({ name }) => name);
      const cellOf = (mechanism: string): FaultCell => {
        const cells = [...plan.cells, ...plan.checks].filter(
          (cell) => cell.mechanism.name === mechanism && faultsPlannedIn(cell).some((name) => ofRow.includes(name)),
        );
        if (cells.length > 0) return tried(mechanism, cells, ofRow, hits, verdicts);
        const left = scenarios.map((name) => [name, reasonOf(name, mechanism, plan)] as const);
        const open = left.flatMap(([name, reason]) => (reason === undefined ? [name] : []));
        const [reason] = left.flatMap(([, reason]) => reason ?? []);
        if (open.length === 0 && reason !== undefined)
          return { mechanism, outcome: 'not-applicable', hits: null, evidence: [reason] };
        const why = scenarios.length === 0 ? 'there is no scenario for it yet' : `not run: ${open.join(', ')}`;
        return { mechanism, outcome: 'not-measured', hits: null, evidence: [why] };
      };
      return { row, what, expected, faults: ofRow, scenarios, cells: mechanisms.map(cellOf) };
    }),
  };
}

/** Why a scenario has nothing to say about a mechanism: by the plan or, where it was not asked for, by itself. */
function reasonOf(scenario: string, name: string, { notApplicable }: Plan): string | undefined {
  const left = notApplicable.find((each) => each.mechanism === name && each.scenario === scenario);
  const mechanism = findMechanism(name)?.mechanism;
  return left?.reason ?? (mechanism && reasonAgainst(scenario, mechanism));
}

/** Has any mechanism been tried? */
export function isRowTried({ cells }: FaultMatrix['rows'][number]): boolean {
  return cells.some(({ outcome }) => outcome !== 'not-measured' && outcome !== 'not-applicable');
}

function tried(
  mechanism: string,
  cells: readonly (CellPlan | CheckBlock)[],
  names: readonly string[],
  hits: ReturnType<typeof hitsByCell>,
  verdicts: readonly Verdict[],
): FaultCell {
  const counts = cells.flatMap(({ id }) => names.flatMap((name) => hits.get(id)?.get(name) ?? []));
  const total = counts.length === 0 ? null : counts.reduce((sum, count) => sum + count.hits, 0);
  const missed = counts.some((count) => count.missed > 0);
  const all = verdicts.filter(({ dimensions }) => cells.some(({ id }) => id === dimensions.cell));
  // Another fault of the same cell may have missed: that says nothing of this one.
  const took = all.filter(({ oracle }) => oracle === 'fault-took-effect');
  const own = missed || counts.length === 0 ? all : all.filter((verdict) => !took.includes(verdict));
  const told = (chosen: readonly Verdict[]) =>
    chosen.map(({ oracle, property, expected, evidence }) => {
      const wanted = expected === 'any' ? '' : property === expected ? ', as expected' : `, expected ${expected}`;
      return `${oracle} ${property}${wanted}: ${evidence}`;
    });
  const outcome = (name: FaultCell['outcome'], decisive: readonly Verdict[]): FaultCell => {
    return { mechanism, outcome: name, hits: total, evidence: told(decisive) };
  };
  const failed = own.filter(({ verdict }) => verdict === 'fail');
  if (missed) return outcome('missed', took);
  if (failed.length > 0) return outcome('failed', failed);
  const unknown = own.filter(({ verdict }) => verdict === 'unknown');
  if (unknown.length > 0 || own.length === 0 || total === null) return outcome('unknown', unknown);
  const always = weaknessesWithoutFault(mechanism);
  // Of what was expected to be either, nothing is a weakness.
  const violated = own.filter(({ property, expected }) => property === 'violated' && expected === 'violated');
  const weak = violated.filter(({ oracle }) => !always.includes(oracle));
  if (weak.length > 0) return outcome('weak', weak);
  const held = outcome('survived', own.slice(0, 1));
  const lacked = [...new Set(violated.map(({ oracle }) => oracle))];
  if (lacked.length === 0) return held;
  return { ...held, evidence: [...held.evidence, `without a fault, too, violated as expected: ${lacked.join(', ')}`] };
}

/** What the mechanism is expected to violate also where nothing goes wrong: that no fault brought about. */
function weaknessesWithoutFault(name: string): string[] {
  const route = findMechanism(name)?.mechanism.route;
  const usual = route === undefined ? undefined : latency.routes[route];
  if (usual === undefined || !isApplicable(usual)) return [];
  return Object.entries(usual.expect).flatMap(([oracle, expected]) => (expected === 'violated' ? [oracle] : []));
}
