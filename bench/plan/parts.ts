// SPDX-License-Identifier: MIT
/** Which scenarios a run has of itself, and which it leaves out unless somebody asks. */
import { allScenarios } from '../../scenarios/index.ts';
import { type Part, parts } from '../../scenarios/types.ts';

/** Names of the scenarios that belong to a part, and to those it contains, in the order of the report. */
export function runsIn(part: Part): string[] {
  return allScenarios.filter(({ partOf }) => parts.indexOf(partOf) <= parts.indexOf(part)).map(({ name }) => name);
}

/**
 * One line that names the scenarios a run of these names leaves out, and how to have them; null if it leaves out none, or if
 * they were chosen by name. `asked` and `quick` as in PlanOptions.
 */
export function leftOutLine({
  scenarios: asked,
  quick,
}: {
  scenarios: readonly string[];
  quick: boolean;
}): string | null {
  const words = asked.flatMap((text) => text.split(',')).map((word) => word.trim());
  if (words.length > 0 && !words.includes('all')) return null;
  const run = new Set(words.length > 0 ? [...words, ...runsIn('all')] : runsIn(quick ? 'quick' : 'bench'));
  const more = runsIn('all').filter((name) => !run.has(name));
  const studies = allScenarios
    .filter(({ name, partOf }) => partOf === 'itself' && !run.has(name))
    .map(({ name }) => name);
  const lists = [
    ...(more.length > 0 ? [`${more.join(', ')} (--scenario all has them)`] : []),
    ...(studies.length > 0 ? [`${studies.join(', ')} (only by --scenario NAME)`] : []),
  ];
  return lists.length === 0 ? null : `Left out: ${lists.join('; ')}.`;
}
