// SPDX-License-Identifier: MIT
/** Which scenarios a run has of itself, and which it leaves out unless somebody asks. */
import { allScenarios } from '../../scenarios/index.ts';
import { type Part, parts } from '../../scenarios/types.ts';
import { mechanisms } from '../mechanisms/index.ts';
import { count } from '../words.ts';

/** Names of the scenarios that belong to a part, and to those it contains, in the order of the report. */
export function runsIn(part: Part): string[] {
  return allScenarios.filter(({ partOf }) => parts.indexOf(partOf) <= parts.indexOf(part)).map(({ name }) => name);
}

/** What of a user's choices decides about what is left out; as in PlanOptions. */
interface Choices {
  readonly mechanisms: readonly string[];
  readonly scenarios: readonly string[];
  readonly quick: boolean;
}

/**
 * One line that counts what a run leaves out of itself, and says how to have it: scenarios, where none were chosen by name, and
 * mechanisms, where none were. Null if there is nothing to say.
 */
export function leftOutLine({ mechanisms: named, scenarios: asked, quick }: Choices): string | null {
  const lists = [...scenariosLeftOut(asked, quick), ...mechanismsLeftOut(named)];
  return lists.length === 0 ? null : `Left out: ${lists.join('; ')}; \`list\` names them.`;
}

function scenariosLeftOut(asked: readonly string[], quick: boolean): string[] {
  const words = asked.flatMap((text) => text.split(',')).map((word) => word.trim());
  if (words.length > 0 && !words.includes('all')) return [];
  const run = new Set(words.length > 0 ? [...words, ...runsIn('all')] : runsIn(quick ? 'quick' : 'bench'));
  const more = runsIn('all').filter((name) => !run.has(name));
  const studies = allScenarios.filter(({ name, partOf }) => partOf === 'itself' && !run.has(name));
  return [
    ...(more.length > 0 ? [`${count(more.length, 'scenario')} (--scenario all)`] : []),
    ...(studies.length > 0 ? [`${count(studies.length, 'scenario')} (only by name)`] : []),
  ];
}

function mechanismsLeftOut(asked: readonly string[]): string[] {
  if (asked.length > 0) return [];
  const more = mechanisms.filter(({ byDefault }) => !byDefault).length;
  return more > 0 ? [`${count(more, 'mechanism')} (--mechanism all)`] : [];
}
