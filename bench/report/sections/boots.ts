// SPDX-License-Identifier: MIT
import { cellWhere, mechanismName } from '../cell-name.ts';
import { faultName } from '../faults.ts';
import { findMetric, perBoot, summarise } from '../figures.ts';
import { inUnitsOf, ratio, threeDigits } from '../format.ts';
import { figure, type Section } from '../html/section.ts';
import { table } from '../html/table.ts';
import { type Markup, markup } from '../markup.ts';
import { plainText } from '../plain-text.ts';
import { type DotRow, dotChart } from '../plot/dot-chart.ts';
import { linearScale } from '../plot/scale.ts';
import type { ReportData } from '../report-data.ts';
import { durationText } from '../spread.ts';
import { steadyMedians, tableSubjects } from '../tables/latency.ts';

/** The boots, which are the samples: what became of each, and how far apart their figures lie. */
export function bootsSection(data: ReportData): Section {
  const firstSample = perBoot(findMetric(data.metrics, 'boot.first_sample', {}));
  const rows = data.boots.map((boot) => {
    const first = firstSample.get(boot.plan.index)?.value ?? null;
    return [
      String(boot.plan.index),
      String(boot.plan.seed),
      boot.finished ? 'done' : boot.reason,
      // Of the host's time, whatever the guest's is.
      first === null ? '–' : inUnitsOf('wall', () => durationText(first)),
      plainText(
        [
          ...boot.damage,
          ...boot.failures.map((failure) =>
            [faultName(failure), failure.message].filter((part) => part !== '').join(': '),
          ),
        ].join(' '),
      ),
    ];
  });
  return {
    id: 'boots',
    title: 'Boots',
    content: [
      markup`<p>A boot is one sample: every cell is measured once in each, in an order of its own.</p>`,
      spread(data),
      table({
        caption: 'Every boot that was planned',
        head: ['boot', 'seed', 'end', 'to the first sample', 'what went wrong'],
        rows,
      }),
    ],
  };
}

/** A dot a boot, as a multiple of the median over boots; of the first scenario that was timed. */
function spread(data: ReportData): Markup | null {
  const [subject] = tableSubjects(data.metrics);
  if (subject === undefined || data.boots.length < 2) return null;
  const rows = steadyMedians(data.metrics, subject).flatMap(({ dimensions }): DotRow[] =>
    ['p50', 'p99'].flatMap((quantile) => {
      const { mechanism = '', load = '' } = dimensions;
      const where = { ...subject, ...cellWhere(dimensions), load, phase: 'steady' };
      const figures = perBoot(findMetric(data.metrics, `upcall.latency.${quantile}`, where));
      const summary = summarise(figures);
      if (summary === null || summary.boots < 2 || summary.median === 0) return [];
      const dots = [...figures].flatMap(([boot, { value }]) =>
        value === null ? [] : [{ value: value / summary.median, name: String(boot) }],
      );
      dots.sort((a, b) => a.value - b.value);
      const range = `${ratio(summary.min / summary.median)} to ${ratio(summary.max / summary.median)}`;
      const label = `${mechanismName(dimensions)} ${quantile}`;
      return [{ label, style: data.styleOf(String(mechanism)), dots, note: range }];
    }),
  );
  if (rows.length === 0) return null;
  const values = rows.flatMap(({ dots }) => dots.map(({ value }) => value));
  const chart = dotChart({
    id: 'boots-plot',
    title: `Boots of ${subject.scenario}, each over the median of all`,
    description: `${rows.map(({ label, note }) => `${label}: ${note}`).join('; ')}.`,
    xLabel: 'a boot’s figure over the median over boots',
    x: (range) => linearScale([...values, 0.95, 1.05], range, (value) => `${threeDigits(value)}×`, 60),
    rows,
    rule: 1,
  });
  return figure(
    [chart],
    `Scenario ${subject.scenario}: a dot a boot with its number, where there is room for it.`,
    data.machine,
  );
}
