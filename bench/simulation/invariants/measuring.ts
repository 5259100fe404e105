// SPDX-License-Identifier: MIT
/** Whether figures are taken from what was heard, and what is missing is said to be. */
import type { CellPlan } from '../../../results/plan.ts';
import type { Metric, Sample } from '../../measure/metric.ts';
import type { Outcome } from '../world.ts';
import { foundIn, type Invariant } from './invariant.ts';

export const figuresAreWhole: Invariant = {
  name: 'a figure is a number or has the reason why there is none, once for each boot that was to give one',
  complaints: (outcome) => {
    const found = foundIn(outcome);
    return (found?.metrics ?? []).flatMap((metric) => {
      const boots = metric.samples.map(({ boot }) => boot);
      const twice = new Set(boots).size < boots.length;
      const odd = metric.samples.find((sample) => !isWhole(sample));
      return [
        ...(twice ? [`${metric.name} has two samples of a boot`] : []),
        ...(odd === undefined ? [] : [`${metric.name} has a sample ${JSON.stringify(odd)}`]),
      ];
    });
  },
};

function isWhole({ value, reason }: Sample): boolean {
  return value === null ? reason !== undefined && reason !== '' : Number.isFinite(value) && reason === undefined;
}

export const nothingMeasuredFromNothing: Invariant = {
  name: 'no figure comes from a boot in which nothing of it was heard',
  complaints: (outcome) => {
    const found = foundIn(outcome);
    if (found === null || outcome.plan === null) return [];
    const heard = windowsHeard(outcome);
    const { cells } = outcome.plan;
    return (found.metrics ?? [])
      .filter(({ name }) => name.startsWith('upcall.') || name.startsWith('recovery.') || name.startsWith('window.'))
      .flatMap((metric) => {
        const own = cells.filter((cell) => isOf(metric, cell));
        return metric.samples
          .filter(({ value, boot }) => value !== null && !own.some(({ id }) => heard.has(`${boot} ${id}`)))
          .map(({ boot }) => `${metric.name} of ${JSON.stringify(metric.dimensions)} has a value in boot ${boot}`);
      });
  },
};

function isOf({ dimensions }: Metric, { mechanism, scenario }: CellPlan): boolean {
  return dimensions.mechanism === mechanism.name && dimensions.scenario === scenario;
}

/** Boot and cell of every window, or its meter, that was recorded. */
function windowsHeard({ appended }: Outcome): ReadonlySet<string> {
  return new Set(
    appended.flatMap((record) =>
      record.kind === 'frame' && (record.frame.t === 'window' || record.frame.t === 'meter')
        ? [`${record.boot} ${record.frame.cell}`]
        : [],
    ),
  );
}
