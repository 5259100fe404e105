// SPDX-License-Identifier: MIT
/**
 * What opens each backend, and by which clocks its guests can live. A new one is a name in provider-names.ts, a line here and a folder
 * beside this file.
 */
import type { Clock } from './clock.ts';
import { KeystormError } from './failure.ts';
import { FakeProvider } from './fake/provider.ts';
import { VirtualClock } from './fake/virtual-clock.ts';
import { LabProvider } from './lab/provider.ts';
import type { MachineProvider } from './machine.ts';
import { machineForms, type NamedKind, type ProviderName, parseMachine, providerNames } from './provider-names.ts';
import { IcountProvider } from './qemu/icount/provider.ts';
import { QemuProvider } from './qemu/provider.ts';
import { VagrantProvider } from './vagrant/provider.ts';

/** What a plan can ask for: the host's time, or a count of instructions. */
export type GuestClock = 'wall' | 'icount';

function fake(counts: boolean): (clock?: Clock) => MachineProvider {
  return (clock) => new FakeProvider(clock instanceof VirtualClock ? { clock, counts } : { counts });
}

type Openers = Readonly<Partial<Record<GuestClock, (clock?: Clock) => MachineProvider>>>;

const providers: Readonly<Record<ProviderName, Openers>> = {
  qemu: { wall: () => new QemuProvider(), icount: () => new IcountProvider() },
  vagrant: { wall: () => new VagrantProvider() },
  /** For tests of the harness; everything it reports says so. */
  fake: { wall: fake(false), icount: fake(true) },
};

const named: Readonly<Record<NamedKind, (machine: string) => MachineProvider>> = {
  ssh: (host) => new LabProvider(host),
};

/**
 * The backend called `name`, not yet prepared. `beside`: another one, in whose time its guests live, too.
 * KeystormError (exit 2) names the known ones, or those whose guests have such a clock, or says what is wrong with a machine's name.
 */
export function openProvider(name: string, clock: GuestClock = 'wall', beside?: MachineProvider): MachineProvider {
  const open = openersOf(name)[clock];
  if (open !== undefined) return open(beside?.clock);
  const able = providerNames.filter((each) => providers[each][clock] !== undefined);
  throw new KeystormError(`Machine ${name} has no guests with clock ${clock}: take --machine ${able.join(' or ')}.`);
}

function openersOf(name: string): Openers {
  const parsed = parseMachine(name);
  if (parsed === undefined)
    throw new KeystormError(`There is no machine "${name}"; known are: ${machineForms.join(', ')}.`);
  if (parsed.machine === undefined) return providers[parsed.kind];
  const { kind, machine } = parsed;
  return { wall: () => named[kind](machine) };
}
