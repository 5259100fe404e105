// SPDX-License-Identifier: MIT
/** A comparison as a test suite: what it comes to, then a test case for each metric that was compared. */
import { type Comparison, exitCodeOf } from '../compare/compare.ts';
import type { Compared } from '../compare/figures.ts';
import { effectText, figureText, metricName, valueText } from '../compare/metric-text.ts';
import { flipLine, verdictSentence } from '../compare/text.ts';
import type { CaseOutcome, TestSuite } from './junit-xml.ts';

export function comparisonSuite(comparison: Comparison): TestSuite {
  const { sides, figures, choice } = comparison;
  const { ratio, share, time } = choice.deltas;
  return {
    name: 'comparison',
    properties: {
      base: sides.base.run.manifest.runId,
      new: sides.new.run.manifest.runId,
      alpha: choice.alpha,
      'delta of a ratio': ratio,
      'delta of a share': share,
      'delta of a time, ns': time,
    },
    cases: [
      { className: 'comparison', name: 'as a whole', outcome: overallOutcome(comparison) },
      ...figures.metrics.map((metric) => ({
        className: 'comparison.metrics',
        name: metricName(metric),
        outcome: metricOutcome(metric),
      })),
    ],
  };
}

/** Also of what is no metric: verdicts that fail now, guests that do. */
function overallOutcome(comparison: Comparison): CaseOutcome {
  const { overall, behaviour, notes } = comparison;
  const message = `${overall}: ${verdictSentence(comparison)}`;
  if (exitCodeOf(comparison) === 0) return { kind: 'passed', said: message };
  if (overall === 'underpowered') return { kind: 'skipped', message };
  return { kind: 'failure', type: overall, message, details: [...behaviour.flips.map(flipLine), ...notes] };
}

function metricOutcome(metric: Compared): CaseOutcome {
  const { outcome, base, new: other, reason, scale, detectable } = metric;
  const seen = `${figureText(metric, base)} → ${figureText(metric, other)}, ${valueText(metric)}`;
  if (outcome === 'regressed')
    return { kind: 'failure', type: outcome, message: `${outcome}: ${seen}`, details: [`${metric.better} is better`] };
  if (outcome !== 'underpowered') return { kind: 'passed', said: `${outcome}: ${seen}` };
  const why =
    reason ?? (detectable === null ? 'too few boots' : `only ${effectText(scale, detectable)} would have been found`);
  return { kind: 'skipped', message: `${outcome}: ${why}; ${seen}` };
}
