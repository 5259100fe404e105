// SPDX-License-Identifier: MIT
/** What a scenario says of one mechanism, which may differ from what it says of the mechanism's route. */
import type { Mechanism } from '../results/plan.ts';
import {
  type CheckExpectation,
  type CheckScenario,
  isApplicable,
  type NotApplicable,
  type RouteExpectation,
  type Scenario,
} from './types.ts';

export function expectedOf({ routes, except }: Scenario, { name, route }: Mechanism): RouteExpectation | NotApplicable {
  const reason = except?.[name];
  return reason === undefined ? routes[route] : { notApplicable: reason };
}

/** Likewise of checks, where the delivery may have a say. */
export function checksExpectedOf(
  { routes, deliveries, except }: CheckScenario,
  mechanism: Pick<Mechanism, 'name' | 'route' | 'delivery'>,
): CheckExpectation | NotApplicable {
  const reason = except?.[mechanism.name];
  if (reason !== undefined) return { notApplicable: reason };
  const route = routes[mechanism.route];
  const delivery = deliveries?.[mechanism.delivery];
  if (!isApplicable(route) || delivery === undefined) return route;
  if (isReason(delivery)) return delivery;
  return { ...route, expect: { ...route.expect, ...delivery } };
}

function isReason(value: object): value is NotApplicable {
  return 'notApplicable' in value;
}
