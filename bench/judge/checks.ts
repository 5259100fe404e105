// SPDX-License-Identifier: MIT
/**
 * Verdicts on what the guest's checks reported. A property that was expected and that nobody reported is unknown, with what is known
 * of why; one that was reported and that nobody expected is shown, and passes. While checks ran the kernel must have had nothing to
 * complain about either.
 */
import { type BootView, checksInBoot } from '../../results/boots.ts';
import { type CheckView, checkView } from '../../results/check-view.ts';
import type { CheckBlock, Expected, Plan } from '../../results/plan.ts';
import { machineDimensions } from '../measure/dimensions.ts';
import { reasonOf } from '../measure/figure.ts';
import { checkFaultOracles } from './check-faults.ts';
import { combine, damageIn, decide, finding, unknown } from './oracle.ts';
import { judgeLog } from './oracles/kernel-log-clean.ts';
import { type Finding, type Verdict, verdictOf } from './verdict.ts';

const logProperty = 'kernel-log-clean';

/** One verdict for each block and property, blocks in the plan's order. */
export function judgeChecks(plan: Plan, boots: readonly BootView[]): Verdict[] {
  return plan.checks.flatMap((block) => {
    const own = boots.filter((boot) => checksInBoot(plan, boot.plan).includes(block));
    const views = own.map((boot) => checkView(block, boot));
    const [first] = own;
    const machine = first === undefined ? {} : machineDimensions(plan, first, boots);
    const dimensions = { ...blockDimensions(block), ...machine, cell: block.id };
    const verdict = (oracle: string, expected: Expected, judgeBoot: (view: CheckView) => Finding): Verdict => {
      const findings = views.map((view) => ({ boot: view.boot.plan.index, ...judgeBoot(view) }));
      const { property, evidence } = decide(combine(findings), () => findings.map((each) => combine([each])), expected);
      return { oracle, property, expected, verdict: verdictOf(property, expected), dimensions, evidence };
    };
    return [
      ...propertiesOf(block, views).map((name) =>
        verdict(name, block.expect[name] ?? 'any', (view) => findingOf(view, name)),
      ),
      ...(logProperty in block.expect ? [] : [verdict(logProperty, 'held', judgeLog)]),
      ...(block.faults === undefined
        ? []
        : Object.entries(checkFaultOracles).map(([name, judge]) => verdict(name, 'held', judge))),
    ];
  });
}

function blockDimensions({ mechanism, fallback, scenario }: CheckBlock) {
  return { mechanism: mechanism.name, fallback, scenario };
}

/** Those expected, then those reported beside them. */
function propertiesOf({ expect }: CheckBlock, views: readonly CheckView[]): string[] {
  const reported = views.flatMap(({ reports }) => {
    const missing = Object.keys(expect).some(
      (name) => name !== logProperty && !reports.some(({ property }) => property === name),
    );
    // A failure is told in the place of what its check owes; one that owes nothing stands for itself.
    return missing ? reports.filter((report) => !isFailure(report)) : reports;
  });
  return [...new Set([...Object.keys(expect), ...reported.map(({ property }) => property)])];
}

/** A check's own name is a property like any other; with nothing known of it, the check has failed. */
function isFailure({ property, check, outcome }: CheckView['reports'][number]): boolean {
  return property === check && outcome === 'unknown';
}

function findingOf(view: CheckView, name: string): Finding {
  if (name === logProperty) return judgeLog(view);
  const reports = view.reports.filter(({ property }) => property === name);
  const damage = damageIn(view);
  // Said twice, the worse counts. Of frames that were lost one may have said something worse than what is here.
  for (const outcome of ['violated', 'unknown', 'held', 'not-applicable'] as const) {
    const found = reports.find((each) => each.outcome === outcome);
    if (found === undefined) continue;
    const rests = outcome === 'held' || outcome === 'not-applicable';
    return rests && damage !== null ? unknown(damage) : finding(outcome, found.evidence);
  }
  if (damage !== null) return unknown(damage);
  // Which of them owes it is not known here.
  const failures = view.reports.filter(isFailure);
  if (failures.length > 0)
    return unknown(failures.map(({ check, evidence }) => `check ${check} did not report it: ${evidence}`).join('; '));
  return unknown(view.boot.finished ? 'no check reported it' : `no check reported it (${reasonOf(view.boot)})`);
}
