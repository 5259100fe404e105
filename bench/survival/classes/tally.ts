// SPDX-License-Identifier: MIT
/** How each guest that was broken was classified, and how soon. */
import type { RunRecord } from '../../../results/records.ts';
import type { FailureKind } from '../../../vm/failure.ts';
import type { Order } from './draw.ts';
import type { Deed } from './saboteur.ts';

export interface Trial {
  readonly class: string;
  readonly variant: string;
  readonly moment: string;
  /** What was recorded; null: nothing. */
  readonly kind: FailureKind | null;
  readonly message: string | null;
  /** Undefined: the guest had ended before it was broken, or somebody ended the run, and nothing was tried. */
  readonly right: boolean | undefined;
  /** What the command said that was to break the guest, where it did not end well, as many rightly do not. */
  readonly trouble: string | null;
  /** ms from when the guest was broken to the harness's word; null where there was none. */
  readonly knownAfterMs: number | null;
  /** ms from the line of its console that says that it is dead. */
  readonly knownAfterLineMs: number | null;
  /** ms that the boot took in all. */
  readonly tookMs: number;
}

/** What became of boot number `boot`, given the records of its run. */
export function trialOf(boot: number, order: Order, deed: Deed, records: readonly RunRecord[]): Trial {
  const own = records.filter((record) => record.boot === boot);
  const failures = own.flatMap((record) => (record.kind === 'failure' ? [record] : []));
  const [failure] = failures;
  const end = own.find((record) => record.kind === 'boot-end');
  const aborted = end?.kind === 'boot-end' && end.outcome === 'aborted';
  const kind = failure?.failureKind ?? null;
  const outcome = order.of.acceptable === null ? 'done' : 'failed';
  const right =
    failures.length <= 1 && kind === order.of.acceptable && end?.kind === 'boot-end' && end.outcome === outcome;
  const since = (at: number | undefined) =>
    at === undefined || deed.failedAt === undefined ? null : Math.round(deed.failedAt - at);
  return {
    class: order.of.name,
    variant: order.variant.name,
    moment: order.moment ?? 'made so',
    kind,
    message: failure?.message ?? null,
    right: deed.injectedAt === undefined || aborted ? undefined : right,
    trouble: deed.trouble ?? null,
    knownAfterMs: since(deed.injectedAt),
    knownAfterLineMs: since(deed.deathAt),
    tookMs: Math.round((deed.endedAt ?? Number.NaN) - deed.beganAt),
  };
}

export interface ClassTally {
  readonly class: string;
  readonly tried: number;
  readonly right: number;
  /** Of all that were tried and told; null where none was. */
  readonly medianMs: number | null;
  readonly mostMs: number | null;
  readonly mostAfterLineMs: number | null;
}

/** By class, in the order in which they first come. */
export function tally(trials: readonly Trial[]): ClassTally[] {
  const names = [...new Set(trials.map((trial) => trial.class))];
  return names.map((name) => {
    const tried = trials.filter((trial) => trial.class === name && trial.right !== undefined);
    const known = present(tried.map(({ knownAfterMs }) => knownAfterMs)).sort((a, b) => a - b);
    const afterLine = present(tried.map(({ knownAfterLineMs }) => knownAfterLineMs));
    return {
      class: name,
      tried: tried.length,
      right: tried.filter(({ right }) => right === true).length,
      medianMs: known[Math.floor((known.length - 1) / 2)] ?? null,
      mostMs: known.at(-1) ?? null,
      mostAfterLineMs: afterLine.length === 0 ? null : Math.max(...afterLine),
    };
  });
}

/** One line of a trial. */
export function trialText({ class: name, variant, moment, kind, right, message, trouble, ...times }: Trial): string {
  const { knownAfterMs, knownAfterLineMs } = times;
  if (right === undefined) return `${name} (${variant}, ${moment}): nothing was tried`;
  const after = knownAfterMs === null ? '' : ` after ${seconds(knownAfterMs)}`;
  const line = knownAfterLineMs === null ? '' : `, ${seconds(knownAfterLineMs)} after its line`;
  const told = `${name} (${variant}, ${moment}): ${kind ?? 'no failure'}${after}${line}`;
  return right ? `${told}, right` : `${told}, WRONG: ${message}${trouble === null ? '' : ` (${trouble})`}`;
}

/** One line of a class. */
export function tallyText({ class: name, tried, right, medianMs, mostMs, mostAfterLineMs }: ClassTally): string {
  const soon = medianMs === null ? '' : `; known after ${seconds(medianMs)}, at most ${seconds(mostMs ?? 0)}`;
  const line = mostAfterLineMs === null ? '' : `, ${seconds(mostAfterLineMs)} after its line at most`;
  return `${name}: ${right} of ${tried} right${soon}${line}`;
}

function present(all: readonly (number | null)[]): number[] {
  return all.filter((each) => each !== null);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
