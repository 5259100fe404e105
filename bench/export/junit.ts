// SPDX-License-Identifier: MIT
/** A run as test suites: what became of it and of its boots, then one suite for each scenario, with a test case for each verdict. */
import { type BootView, bootsOf } from '../../results/boots.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import type { Verdict } from '../judge/verdict.ts';
import { machineDimensions } from '../measure/dimensions.ts';
import { mechanismName } from '../report/cell-name.ts';
import type { Exportable } from './exportable.ts';
import { comparisonSuite } from './junit-comparison.ts';
import { type CaseOutcome, junitXml, type TestCase, type TestSuite } from './junit-xml.ts';

export function junit({ run, verdicts, comparison, more = [] }: Exportable): string {
  const { createdAt, host } = run.manifest;
  const suites = [
    runSuite(run),
    ...scenarioSuites(verdicts),
    ...(comparison === undefined ? [] : [comparisonSuite(comparison)]),
    ...more,
  ];
  return junitXml(suites, { at: createdAt, host: host.name });
}

/** Whether the run is whole, and each of its guests came to its end. */
function runSuite(run: StoredRun): TestSuite {
  const { manifest, records } = run;
  const boots = bootsOf(manifest.plan, records);
  const [first] = boots;
  const machine = first === undefined ? {} : machineDimensions(manifest.plan, first, boots);
  const { runId, seed, repro, tool } = manifest;
  const cases: TestCase[] = [
    { className: 'run', name: 'whole', outcome: wholeness(run) },
    ...boots.map((boot) => ({ className: 'run', name: `boot ${boot.plan.index}`, outcome: bootOutcome(boot) })),
  ];
  return {
    name: 'run',
    properties: { run: runId, ...machine, seed, keystorm: tool.version, commit: tool.commit ?? 'unknown', repro },
    cases,
  };
}

/** A run of which something is missing is never green, whatever its verdicts say of the rest. */
function wholeness({ status, problems, records }: StoredRun): CaseOutcome {
  const broke = records.flatMap((record) =>
    record.kind === 'failure' && record.boot === null ? [`${record.failureKind}: ${record.message}`] : [],
  );
  if (status === 'complete' && broke.length === 0) return { kind: 'passed', said: 'everything was recorded' };
  const [type, message] = status === 'complete' ? ['broken', 'the harness broke'] : [status, `the run is ${status}`];
  return { kind: 'error', type, message, details: [...broke, ...problems] };
}

function bootOutcome({ finished, reason, failures, damage }: BootView): CaseOutcome {
  if (finished) return { kind: 'passed', said: 'came to its end' };
  if (reason === 'not-reached' || reason === 'aborted') return { kind: 'skipped', message: reason };
  const [first] = failures;
  const details = failures.flatMap(({ failureKind, message, title, fingerprint, consoleTail }) => [
    `${failureKind}: ${message}`,
    ...(title === undefined ? [] : [`${title} (${fingerprint})`]),
    ...consoleTail,
  ]);
  return {
    kind: 'error',
    type: reason,
    message: first === undefined ? reason : first.message,
    details: [...details, ...damage],
  };
}

function scenarioSuites(verdicts: readonly Verdict[]): TestSuite[] {
  const suites = new Map<string, TestCase[]>();
  for (const verdict of verdicts) {
    const scenario = String(verdict.dimensions.scenario);
    suites.set(scenario, [...(suites.get(scenario) ?? []), verdictCase(scenario, verdict)]);
  }
  return [...suites].map(([name, cases]) => ({ name, properties: {}, cases }));
}

function verdictCase(scenario: string, verdict: Verdict): TestCase {
  // A dot would be one level more.
  const className = [scenario, mechanismName(verdict.dimensions)].map((part) => part.replaceAll('.', '_')).join('.');
  return { className, name: verdict.oracle, outcome: verdictOutcome(verdict) };
}

/** What passes says how: a weakness that showed as expected is none the less one. */
function verdictOutcome({ property, expected, verdict, evidence }: Verdict): CaseOutcome {
  const found = expected === 'any' ? property : `${property}, ${verdict === 'pass' ? 'as' : 'but'} expected`;
  if (verdict === 'pass') return { kind: 'passed', said: `${found}: ${evidence}` };
  const message = `${found} ${expected}: ${evidence}`;
  if (verdict === 'unknown') return { kind: 'skipped', message };
  return { kind: 'failure', type: property, message, details: [evidence] };
}
