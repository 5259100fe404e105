// SPDX-License-Identifier: MIT
/** What the fake guest's checks report: its kernel does what the project expects of a mechanism, neither more nor less. */
import type { Mechanism } from '../../results/plan.ts';
import { checkScenarios } from '../../scenarios/checks/index.ts';
import { checksExpectedOf } from '../../scenarios/expected.ts';
import { isApplicable } from '../../scenarios/types.ts';
import type { GuestChecks } from './guest-plan.ts';
import type { GuestEvent, Pen } from './pen.ts';

const checkMs = 1_500;

/** One block: what its scenario expects is dealt out to its checks; one of no scenario says that it knows nothing. */
export function* runChecks({ id, words, checks }: GuestChecks, pen: Pen): Generator<GuestEvent> {
  for (const [position, check] of checks.entries()) {
    const properties = propertiesOf(words, checks).filter((_, i) => i % checks.length === position);
    const none = [{ property: check, outcome: 'unknown', evidence: 'the fake guest has nothing to say' }] as const;
    let passes = checkMs;
    for (const each of properties.length > 0 ? properties : none) {
      yield pen.frame(passes, { t: 'check', cell: id, check, ...each, mono: pen.mono });
      passes = 0;
    }
  }
  for (const fault of scenarioOf(checks)?.faults ?? []) {
    const check = checks.at(-1) ?? id;
    yield pen.frame(1, { t: 'check-fault', cell: id, check, fault, hits: 1, gone: true, mono: pen.mono });
  }
  yield pen.frame(10, { t: 'counters', cell: id, delta: {}, upcalls_ok: 0, upcalls_failed: 0, hits: 0, rounds: 0 });
  yield pen.frame(1, { t: 'keys', cell: id, under_construction: 0, users: {} });
  yield pen.frame(1, { t: 'kmsg', cell: id, lines: [] });
}

function propertiesOf(words: ReadonlyMap<string, string>, checks: readonly string[]) {
  const [name, route, delivery] = ['mechanism', 'route', 'delivery'].map((word) => words.get(word));
  const mechanism = { name, route, delivery } as Pick<Mechanism, 'name' | 'route' | 'delivery'>;
  const scenario = scenarioOf(checks);
  const expected = scenario === undefined ? undefined : checksExpectedOf(scenario, mechanism);
  if (expected === undefined || !isApplicable(expected)) return [];
  return Object.entries(expected.expect).map(([property, expects]) => {
    const outcome = expects === 'violated' ? ('violated' as const) : ('held' as const);
    return { property, outcome, evidence: 'made up: the fake guest does as expected' };
  });
}

function scenarioOf(checks: readonly string[]) {
  return checkScenarios.find((each) => each.checks.join() === checks.join());
}
