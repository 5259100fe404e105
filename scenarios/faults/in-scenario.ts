// SPDX-License-Identifier: MIT
import { type AnyScenario, isLadder } from '../types.ts';

/** The names of the faults that a scenario injects, each once. */
export function faultsIn(scenario: AnyScenario): string[] {
  if (!('windows' in scenario)) return [...(scenario.faults ?? [])];
  const { windows, workloadFaults = [] } = scenario;
  const shapes = isLadder(windows) ? windows.shapes : windows;
  return [...new Set([...workloadFaults, ...shapes.flatMap(({ faults = [] }) => faults.map(({ name }) => name))])];
}
