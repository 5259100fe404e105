// SPDX-License-Identifier: MIT
/** Which alerts are raised, still open or resolved: what was told before, held against what a night says. */
import type { OpenAlert } from '../../results/nightly-state.ts';

/** What a night says of something that may be wrong. `unknown`: it was asked, and could not be told. */
export type Standing = 'bad' | 'good' | 'unknown';

export interface Look extends Pick<OpenAlert, 'id' | 'kind' | 'what'> {
  readonly standing: Standing;
}

/** An open alert that this night did not find again, and did not refute. */
export interface StillOpen extends OpenAlert {
  readonly found: boolean;
}

export interface Resolved extends OpenAlert {
  /** What the night said of it; null: it was not asked any more. */
  readonly now: string | null;
}

export interface Told {
  /** For the first time. */
  readonly raised: readonly OpenAlert[];
  readonly open: readonly StillOpen[];
  /** Told this once, and forgotten. */
  readonly resolved: readonly Resolved[];
}

/**
 * An alert is raised when a night first finds it; open, however many nights do not know, until one finds the opposite or does not ask any more. `looks` has each
 * id once. `at`: when the night was begun. Pure.
 */
export function tell(before: readonly OpenAlert[], looks: readonly Look[], at: string): Told {
  const byId = new Map(looks.map((look) => [look.id, look]));
  const known = new Set(before.map(({ id }) => id));
  const [open, resolved]: [StillOpen[], Resolved[]] = [[], []];
  for (const alert of before) {
    const look = byId.get(alert.id);
    if (look?.standing === 'bad') open.push({ ...alert, what: look.what, seen: at, found: true });
    else if (look?.standing === 'unknown') open.push({ ...alert, found: false });
    else resolved.push({ ...alert, now: look?.what ?? null });
  }
  const raised = looks
    .filter(({ id, standing }) => standing === 'bad' && !known.has(id))
    .map(({ id, kind, what }): OpenAlert => ({ id, kind, what, raised: at, seen: at }));
  return { raised, open, resolved };
}

/** What is open after the night. */
export function openAfter({ raised, open }: Told): OpenAlert[] {
  return [...open.map(({ found: _, ...alert }) => alert), ...raised];
}
