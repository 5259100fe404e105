// SPDX-License-Identifier: MIT
/** What a whole run comes to: one word, and one exit code. */
import type { RunRecord } from '../../results/records.ts';
import type { RunStatus } from '../../results/run-reader.ts';
import type { Verdict } from './verdict.ts';

/** 'fail' if any verdict fails; 'pass' only if the run is complete, there are verdicts, and all of them pass. */
export function overallVerdict(verdicts: readonly Verdict[], status: RunStatus): Verdict['verdict'] {
  if (verdicts.some(({ verdict }) => verdict === 'fail')) return 'fail';
  if (status !== 'complete' || verdicts.length === 0) return 'unknown';
  return verdicts.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'unknown';
}

/** True if a guest or the harness broke in the run. */
export function hasFailure(records: readonly RunRecord[]): boolean {
  return records.some(({ kind }) => kind === 'failure');
}

/**
 * The exit code. The firmest statement wins:
 * 1  an expectation was not met: a fact no further boot can undo, so it is not hidden by a boot that broke;
 * 3  a guest or the harness broke: what the run would have shown is not known, and why is;
 * 4  the run is incomplete or aborted, or something expected could not be seen;
 * 0  none of that: every expectation met.
 * A guest's crash by itself never makes an oracle say violated, so 1 and 3 do not stand for the same thing.
 */
export function exitCodeOf(verdicts: readonly Verdict[], status: RunStatus, broke: boolean): 0 | 1 | 3 | 4 {
  const overall = overallVerdict(verdicts, status);
  if (overall === 'fail') return 1;
  if (broke) return 3;
  return overall === 'pass' ? 0 : 4;
}
