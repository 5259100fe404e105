// SPDX-License-Identifier: MIT
/** A night's alerts as a test suite: what the night comes to, then a test case for each alert, which fails as long as it is open. */
import type { CaseOutcome, TestSuite } from '../export/junit-xml.ts';
import { type AlertLine, alertLines } from './alert-lines.ts';
import { exitCodeOf, type Night, nightSentence } from './night.ts';

export function alertSuite(night: Night): TestSuite {
  return {
    name: 'nightly',
    properties: { baseline: night.baseline, new: night.subject },
    cases: [
      { className: 'nightly', name: 'as a whole', outcome: overallOutcome(night) },
      ...alertLines(night.told).map((line) => ({
        className: `nightly.${line.alert.kind}`,
        // The same in every night: what it is of may be told otherwise.
        name: line.alert.id,
        outcome: alertOutcome(line),
      })),
    ],
  };
}

function overallOutcome(night: Night): CaseOutcome {
  const message = `${night.overall}: ${nightSentence(night)}`;
  const code = exitCodeOf(night, false);
  if (code === 0) return { kind: 'passed', said: message };
  if (code === 4) return { kind: 'skipped', message };
  return { kind: code === 3 ? 'error' : 'failure', type: night.overall, message, details: night.notes };
}

function alertOutcome({ word, alert, said }: AlertLine): CaseOutcome {
  const message = `${word}${said === '' ? '' : ` ${said}`}: ${alert.what}`;
  if (word === 'RESOLVED') return { kind: 'passed', said: message };
  return { kind: 'failure', type: alert.kind, message, details: [] };
}
