// SPDX-License-Identifier: MIT
import type { Manifest } from '../../../results/manifest.ts';
import { sampleHashes } from '../../../results/sample-hash.ts';
import { shardName } from '../../../results/shards.ts';
import { repeatCommand } from '../../plan/repro.ts';
import { cellsAndChecks, count } from '../../words.ts';
import { threeDigits } from '../format.ts';
import type { Section } from '../html/section.ts';
import { type Content, markup } from '../markup.ts';
import { troubleLines } from '../other-lines.ts';
import type { ReportData } from '../report-data.ts';

/** What went wrong, if anything did: boots that failed, and what is to be said against the data. */
export function troubleSection({ run }: ReportData): Section | null {
  const lines = troubleLines(run);
  if (lines.length === 0) return null;
  return {
    id: 'trouble',
    title: 'What went wrong',
    content: markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`,
  };
}

/** On what, with what and how it was measured: what another run must share to be compared with this one. */
export function manifestSection({ run, boots }: ReportData): Section {
  const { manifest } = run;
  const { plan, host, tool } = manifest;
  const starts = boots.flatMap(({ start }) => (start === null ? [] : [start.description]));
  /** What all boots have in common, or each different one. */
  const each = (of: (description: (typeof starts)[number]) => string): string =>
    [...new Set(starts.map(of))].filter((text) => text !== '').join(' | ') || 'not known: no guest was started';
  const hello = boots.flatMap(({ frames }) => frames.flatMap(({ frame }) => (frame.t === 'hello' ? [frame] : [])))[0];
  const gib = (bytes: number) => `${threeDigits(bytes / 2 ** 30)} GiB`;
  const entries: readonly (readonly [string, Content])[] = [
    ['run', manifest.runId],
    ['status', run.status],
    ['begun', manifest.createdAt],
    ...partEntries(manifest),
    ['plan', `seed ${plan.seed}, ${count(boots.length, 'boot')}, ${cellsAndChecks(plan, ', ')}, clock ${plan.clock}`],
    [
      'keystorm',
      `${tool.version}, commit ${tool.commit ?? 'not known'}${tool.dirty ? ', with changes that are not committed' : ''}`,
    ],
    [
      'host',
      `${host.name}: ${host.cpuModel}, ${host.cpus} processors, ${gib(host.memoryBytes)}, ${host.os}, Node ${host.node}`,
    ],
    ['machine', each(({ machine, smp, memoryMiB }) => `${machine}, -smp ${smp}, ${memoryMiB} MiB`)],
    [
      'accelerator',
      `${each(({ accelerator }) => (accelerator === 'none' ? 'none' : accelerator.toUpperCase()))} (asked for: ${plan.accelerator})`,
    ],
    [
      'virtual processors',
      each(({ vcpuPins }) => (vcpuPins === undefined ? 'not pinned' : `pinned to ${vcpuPins.join(', ')}`)),
    ],
    ['hypervisor', each(({ hypervisor }) => hypervisor.version)],
    ['its arguments', markup`<code>${each(({ hypervisor }) => comparable(hypervisor.args))}</code>`],
    ['kernel', each(({ kernel, kernelRelease }) => `${kernel} (${kernelRelease})`)],
    [
      'kernel says',
      hello === undefined ? 'nothing' : `${hello.version}, ${hello.machine}, clock source ${hello.clocksource}`,
    ],
    ['kernel configuration', markup`<code>${each(({ kernelConfigHash }) => kernelConfigHash)}</code>`],
    ['kernel command line', markup`<code>${each(({ cmdline }) => cmdline)}</code>`],
    ['module', markup`<code>${each(({ moduleHash }) => moduleHash)}</code>`],
    ['image', markup`<code>${each(({ imageHash }) => imageHash)}</code>`],
    ...hashEntries(run),
    ['notes', each(({ notes }) => notes.join('; '))],
  ];
  const known = entries.filter(([name]) => name !== 'notes' || starts.some(({ notes }) => notes.length > 0));
  return {
    id: 'manifest',
    title: 'What it was measured on',
    content: markup`<dl>${known.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
  };
}

/** By what two runs that count instructions are seen to have measured the same. */
function hashEntries({ manifest, records }: ReportData['run']): [string, Content][] {
  if (manifest.plan.clock !== 'icount') return [];
  const { all, boots } = sampleHashes(manifest.plan, records);
  const each = boots.map(({ boot, sha256 }) => `boot ${boot}: ${sha256?.slice(0, 12) ?? 'did not end'}`).join(', ');
  return [['samples', markup`<code>${all ?? 'not every boot came to its end'}</code> (${each})`]];
}

/** Of which parts of a plan the run is. */
function partEntries({ shard, merged }: Manifest): [string, string][] {
  if (shard !== undefined) return [['shard', `${shardName(shard)}: only its boots are here`]];
  if (merged === undefined) return [];
  const parts = merged.shards.map(
    ({ index, runId, host, tool }) =>
      `${shardName({ index, count: merged.count })} ${runId} on ${host.name} (keystorm ${tool.version}, commit ${tool.commit ?? 'not known'})`,
  );
  return [['put together of', parts.join('; ')]];
}

/** Arguments without what differs from boot to boot and from place to place: folders of this host, and ports that were free. */
function comparable(args: readonly string[]): string {
  return args
    .join(' ')
    .replace(/(?<=^|[\s=,])\/[^\s,]*\//g, '…/')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:…');
}

/** The one line that repeats it. */
export function reproSection({ run }: ReportData): Section {
  return {
    id: 'repeat',
    title: 'Repeat it',
    content: markup`<pre><code>${repeatCommand(run.manifest)}</code></pre><p>The order of mechanisms in each boot follows from the seed. <code>npm run -s keystorm -- report FOLDER</code> makes this page again from the stored run; no guest is needed.</p>`,
  };
}
