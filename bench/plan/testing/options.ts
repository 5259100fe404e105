// SPDX-License-Identifier: MIT
/** For tests of plans: options of one, and any options there may be. */
import * as fc from 'fast-check';
import { allScenarios } from '../../../scenarios/index.ts';
import { mechanisms } from '../../mechanisms/index.ts';
import { hasAgents } from '../../mechanisms/routes.ts';
import type { PlanOptions } from '../make-plan.ts';

export const options: PlanOptions = {
  mechanisms: [],
  scenarios: [],
  kernel: '6.1',
  machine: 'fake',
  // So that there is no scenario for which something is lacking.
  smp: 2,
  allocationsFail: true,
  boots: 3,
  seed: 7,
  quick: false,
};

export const anyOptions = fc.record({
  mechanisms: fc
    .subarray(mechanisms.filter((each) => hasAgents(each.mechanism.route)).map((e) => e.mechanism.name))
    // Between them every scenario applies to these, so that there is a plan.
    .map((some) => (some.length === 0 ? [] : [...some, 'keyagent-fd', 'keyagent-signal', 'userns-fd', 'intercept-fd'])),
  scenarios: fc.subarray(allScenarios.map((scenario) => scenario.name)),
  kernel: fc.constant('6.1'),
  machine: fc.constant('fake'),
  smp: fc.constant(2),
  allocationsFail: fc.constant(true),
  boots: fc.integer({ min: 1, max: 8 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  quick: fc.boolean(),
  agentDelayNs: fc.option(fc.integer({ min: 1, max: 1e8 }), { nil: undefined }),
  pathInstructions: fc.option(fc.integer({ min: 1, max: 1e7 }), { nil: undefined }),
  arrangement: fc.option(fc.integer({ min: 1, max: 999 }), { nil: undefined }),
});

/** A plan of all there is has thousands of windows. */
export const few = { numRuns: 30 };
