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
import { damageIn, decide, finding, unknown } from './oracle.ts';
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
      const { property, evidence } = decide(findings, expected);
      return { oracle, property, expected, verdict: verdictOf(property, expected), dimensions, evidence };
    };
    return [
      ...propertiesOf(block, views).map((name) =>
        verdict(name, block.expect[name] ?? 'any', (view) => findingOf(view, name)),
      ),
      ...(logProperty in block.expect ? [] : [verdict(logProperty, 'held', judgeLog)]),
    ];
  });
}

function blockDimensions({ mechanism, fallback, scenario }: CheckBlock) {
  return { mechanism: mechanism.name, fallback, scenario };
}

/** Those expected, then those reported beside them; a check's own name is not one of its properties, but stands for its failure. */
function propertiesOf({ expect, checks }: CheckBlock, views: readonly CheckView[]): string[] {
  const reported = views.flatMap(({ reports }) => reports.filter(({ property }) => !checks.includes(property)));
  return [...new Set([...Object.keys(expect), ...reported.map(({ property }) => property)])];
}

function findingOf(view: CheckView, name: string): Finding {
  if (name === logProperty) return judgeLog(view);
  const reports = view.reports.filter(({ property }) => property === name);
  // Said twice, the worse counts.
  for (const outcome of ['violated', 'unknown', 'held', 'not-applicable'] as const) {
    const found = reports.find((each) => each.outcome === outcome);
    if (found !== undefined) return finding(outcome, found.evidence);
  }
  const damage = damageIn(view);
  if (damage !== null) return unknown(damage);
  const { checks } = view.block;
  const failure = view.reports.find(({ property, check }) => property === check && checks.includes(check));
  if (failure !== undefined) return unknown(`check ${failure.check} did not report it: ${failure.evidence}`);
  return unknown(view.boot.finished ? 'no check reported it' : `no check reported it (${reasonOf(view.boot)})`);
}
