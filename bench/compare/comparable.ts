// SPDX-License-Identifier: MIT
/** Whether two runs can be held against one another at all: everything but what is compared must be alike. */
import { isDeepStrictEqual } from 'node:util';
import type { CellPlan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import type { MachineDescription } from '../../vm/machine.ts';
import { withoutMeasured } from '../../vm/measured-words.ts';
import { agentDelayOf, pathInstructionsOf } from '../plan/repro.ts';
import { plainText } from '../report/plain-text.ts';
import { hostFields, hostsOf } from './hosts.ts';
import { shownApart } from './shown.ts';
import type { Side, Sides } from './side.ts';

/** What must be alike, whatever is compared. */
const always = ['machine', 'accelerator', 'smp', 'memoryMiB', 'clock', 'vcpuPins'] as const;
/** What must be alike unless the kernels differ, with which it comes. */
const withinKernel = ['kernelConfigHash', 'cmdline'] as const;

/** A field in which two runs differ, in words that differ. */
interface Difference {
  readonly field: string;
  readonly base: string;
  readonly new: string;
}

/**
 * What is to be known of how they differ, one sentence each. @throws KeystormError: 2 naming the first field in which they must not differ,
 * unless `force` is given, which makes a sentence of it; 4 if a run has nothing to be compared.
 */
export function demandComparable({ kind, base, new: other }: Sides, force: boolean): string[] {
  for (const side of [base, other]) demandMeasured(side);
  if (kind === 'mechanisms') return [];
  if (base.run.dir === other.run.dir)
    throw new KeystormError(
      `${base.run.dir} was named twice: name two runs, or two mechanisms of one with --mechanism A --against B.`,
    );
  const [one, two] = [base, other].map(({ run }) => withoutMeasuredIn(descriptionOf(run))) as [
    MachineDescription,
    MachineDescription,
  ];
  if (one.clock !== two.clock && [one.clock, two.clock].includes('icount'))
    throw new KeystormError(
      `The runs cannot be compared: clock was ${one.clock} in base and is ${two.clock} in new, and a count of instructions is no time.`,
    );
  // Whoever emulates a processor has no part in what it counts.
  const hosts = hostDifferences(base.run, other.run);
  const counted = one.clock === 'icount';
  const obstacles = [
    ...(counted ? [] : hosts),
    ...fields('', one, two, always),
    ...fields('', one.hypervisor, two.hypervisor, ['version']).map((each) => ({ ...each, field: 'hypervisor' })),
    ...(one.kernel === two.kernel ? fields('', one, two, withinKernel) : []),
    ...planDifferences(base.run, other.run),
  ];
  const [first] = obstacles;
  if (first !== undefined && !force)
    throw new KeystormError(
      `The runs cannot be compared: ${sentence(first)} Compare runs that differ in kernel or module alone, or say --force.`,
    );
  const compared = fields('', one, two, ['kernel', 'moduleHash', ...(one.kernel === two.kernel ? [] : withinKernel)]);
  return [
    ...obstacles.map((each) => `Forced, though ${sentence(each)}`),
    ...compared.map((each) => `Compared are runs that differ in this: ${sentence(each)}`),
    ...(counted ? hosts : []).map((each) => `Counted on hosts that differ, which is in no figure: ${sentence(each)}`),
    ...imageNote(base.run, other.run, compared.length),
    ...purposeNotes(base.run, other.run),
  ];
}

/** The programs in the guest are part of what is measured, too. */
function imageNote(base: StoredRun, other: StoredRun, compared: number): string[] {
  const [one, two] = [descriptionOf(base), descriptionOf(other)];
  const [first, second] = [base, other].map(({ manifest }) => manifest.plan.arrangement ?? 0);
  if (first !== second)
    return [
      `The guests are arranged otherwise, which makes no difference but by accident: ${first} in base, ${second} in new.`,
    ];
  if (compared > 0 || one.imageHash === two.imageHash) return [];
  return [
    'Kernel and module are the same, the rest of the guest is not: another version of keystorm may have built it.',
  ];
}

/** A difference that was made on purpose is what is compared. */
function purposeNotes(base: StoredRun, other: StoredRun): string[] {
  const said = (of: typeof agentDelayOf, sentence: (one: number, two: number) => string) => {
    const [one = 0, two = 0] = [base, other].map(({ manifest }) => of(manifest.plan) ?? 0);
    return one === two ? [] : [`A known difference was made: ${sentence(one, two)}`];
  };
  return [
    ...said(
      agentDelayOf,
      (one, two) => `agents were busy for ${one} ns before each answer in base, and ${two} ns in new.`,
    ),
    ...said(
      pathInstructionsOf,
      (one, two) => `the module executed ${one} instructions in vain in each upcall in base, and ${two} in new.`,
    ),
  ];
}

function demandMeasured({ run, boots }: Side): void {
  const description = run.records.find(({ kind }) => kind === 'boot-start');
  if (description === undefined || !boots.some(({ finished }) => finished))
    throw new KeystormError(`No boot of ${run.dir} came to its end: there is nothing to compare.`, 4);
  if (run.manifest.plan.cells.length === 0)
    throw new KeystormError(`${run.dir} has checks alone and measured nothing: compare runs with a load.`);
}

function descriptionOf(run: StoredRun): MachineDescription {
  for (const record of run.records) if (record.kind === 'boot-start') return record.description;
  throw new KeystormError(`No guest of ${run.dir} was started: there is nothing to compare.`, 4);
}

function withoutMeasuredIn(description: MachineDescription): MachineDescription {
  return { ...description, cmdline: withoutMeasured(description.cmdline) };
}

/** Runs of one host each differ field by field, those of several as a whole. */
function hostDifferences(base: StoredRun, other: StoredRun): Difference[] {
  const [one, two] = [hostsOf(base.manifest), hostsOf(other.manifest)];
  const [first, second] = [one[0], two[0]];
  if (one.length === 1 && two.length === 1 && first !== undefined && second !== undefined)
    return fields('host', first, second, hostFields);
  return fields('', { hosts: one }, { hosts: two }, ['hosts']);
}

function fields<T extends object>(of: string, base: T, other: T, names: readonly (keyof T & string)[]): Difference[] {
  return names
    .filter((name) => !isDeepStrictEqual(base[name], other[name]))
    .map((name) => {
      const [one, two] = shownApart(base[name], other[name]);
      return { field: of === '' ? name : `${of}.${name}`, base: one, new: two };
    });
}

/** Cells that both have must be the same but for the order of their windows, which is drawn; and there must be some. */
function planDifferences(base: StoredRun, other: StoredRun): Difference[] {
  const others = new Map(other.manifest.plan.cells.map((cell) => [nameOf(cell), cell]));
  const both = base.manifest.plan.cells.filter((cell) => others.has(nameOf(cell)));
  if (both.length === 0) {
    const names = (run: StoredRun) => [...new Set(run.manifest.plan.cells.map(nameOf))].slice(0, 3).join(', ');
    throw new KeystormError(`The runs have no cell in common: base has ${names(base)} …, new ${names(other)} ….`);
  }
  return both.flatMap((cell) => {
    const [one, two] = [comparableCell(cell), comparableCell(others.get(nameOf(cell)) as CellPlan)];
    const names = [...new Set([...Object.keys(one), ...Object.keys(two)])];
    return fields<Record<string, unknown>>(`plan of ${nameOf(cell)}`, one, two, names);
  });
}

export function nameOf({ scenario, mechanism, containers }: CellPlan): string {
  const depth = containers[0]?.depth;
  return `${scenario} × ${mechanism.name}${depth === undefined ? '' : `, ${depth} below`}`;
}

/** All that decides about figures. */
export function comparableCell({
  id: _,
  expect: __,
  agentDelayNs: ___,
  pathInstructions: ____,
  windows,
  ...same
}: CellPlan): Record<string, unknown> {
  return { ...same, windows: windows.map((window) => JSON.stringify(window)).sort() };
}

function sentence({ field, base, new: other }: Difference): string {
  return `${plainText(field)} was ${base} in base and is ${other} in new.`;
}
