// SPDX-License-Identifier: MIT
/** What is expected of each route, and more of all of them. */
import { isApplicable, type RouteExpectation, type Scenario } from './types.ts';

export function withExpectation(routes: Scenario['routes'], more: RouteExpectation['expect']): Scenario['routes'] {
  const entries = Object.entries(routes).map(([route, said]) => [
    route,
    isApplicable(said) ? { ...said, expect: { ...said.expect, ...more } } : said,
  ]);
  return Object.fromEntries(entries) as Scenario['routes'];
}
