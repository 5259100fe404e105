// SPDX-License-Identifier: MIT
/**
 * OpenMetrics text, for Prometheus and whoever else reads it: https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md.
 * Every figure is a gauge in base units, with a sample for each boot that has it; all its dimensions are labels.
 */
import { bootsOf } from '../../results/boots.ts';
import { overallVerdict } from '../judge/outcome.ts';
import type { Dimensions, Unit } from '../measure/metric.ts';
import { plainText } from '../report/plain-text.ts';
import { type Exportable, measurements } from './exportable.ts';

type Labels = Readonly<Record<string, string | number>>;

/** All samples of one name, which must stand together. */
interface Family {
  readonly help: string;
  readonly unit: string;
  readonly samples: { readonly labels: Labels; readonly value: number }[];
}

/** Its name ends in the unit, where it has one; and what one of ours is in it. */
const baseUnits: Readonly<Record<Unit, { readonly suffix: string; readonly unit: string; readonly per: number }>> = {
  ns: { suffix: '_seconds', unit: 'seconds', per: 1e9 },
  '1/s': { suffix: '_per_second', unit: '', per: 1 },
  '1': { suffix: '', unit: '', per: 1 },
  byte: { suffix: '_bytes', unit: 'bytes', per: 1 },
  insn: { suffix: '_instructions', unit: 'instructions', per: 1 },
  'virtual-ns': { suffix: '_virtual_seconds', unit: 'virtual_seconds', per: 1e9 },
};

export function openMetrics(exportable: Exportable): string {
  const families = new Map([...runFamilies(exportable), ...figureFamilies(exportable)]);
  return `${[...families].flatMap(([name, family]) => familyLines(name, family)).join('\n')}\n# EOF\n`;
}

/** What the run is and came to: without it nobody could tell figures of a whole run from those of half a one. */
function runFamilies({ run, verdicts }: Exportable): [string, Family][] {
  const { manifest, status, records } = run;
  const { runId, createdAt, tool, host, seed } = manifest;
  const verdict = overallVerdict(verdicts, status);
  const about = { run: runId, status, verdict, seed, host: host.name, tool: tool.version, commit: tool.commit ?? '' };
  const ends = bootsOf(manifest.plan, records).map(({ finished, reason }) => (finished ? 'done' : reason));
  return [
    ['keystorm_run', { help: 'The run that the figures are of.', unit: '', samples: [{ labels: about, value: 1 }] }],
    [
      'keystorm_run_start_time_seconds',
      {
        help: 'When the run was begun, since 1970.',
        unit: 'seconds',
        samples: [{ labels: {}, value: Date.parse(createdAt) / 1000 }],
      },
    ],
    ['keystorm_boots', { help: 'Boots of the plan by what became of them.', unit: '', samples: counted('end', ends) }],
    [
      'keystorm_verdicts',
      {
        help: 'Expectations by whether they were met.',
        unit: '',
        samples: counted(
          'verdict',
          verdicts.map((each) => each.verdict),
        ),
      },
    ],
  ];
}

function counted(label: string, words: readonly string[]): Family['samples'] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, value]) => ({ labels: { [label]: word }, value }));
}

function figureFamilies({ metrics }: Exportable): Map<string, Family> {
  const families = new Map<string, Family>();
  for (const metric of metrics) {
    const { suffix, unit, per } = baseUnits[metric.unit];
    const name = `keystorm_${metric.name.replaceAll('.', '_')}${suffix}`;
    const family = families.get(name) ?? { help: `${metric.name} of one boot.`, unit, samples: [] };
    families.set(name, family);
    for (const { boot, block, host, value } of measurements(metric)) {
      family.samples.push({
        labels: { ...metric.dimensions, boot, block, host } satisfies Dimensions,
        value: value / per,
      });
    }
  }
  return families;
}

function familyLines(name: string, { help, unit, samples }: Family): string[] {
  if (samples.length === 0) return [];
  return [
    `# TYPE ${name} gauge`,
    ...(unit === '' ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help}`,
    ...samples.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}`),
  ];
}

function labelsText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** Line breaks are gone with the other control characters. */
function escaped(text: string): string {
  return plainText(text).replace(/[\\"]/g, '\\$&');
}
