// SPDX-License-Identifier: MIT
/** Which backends there are, and by which clocks their guests can live. A new one is a line here and a folder beside this file. */

import type { Clock } from './clock.ts';
import { KeystormError } from './failure.ts';
import { FakeProvider } from './fake/provider.ts';
import { VirtualClock } from './fake/virtual-clock.ts';
import { LabProvider } from './lab/provider.ts';
import type { MachineProvider } from './machine.ts';
import { IcountProvider } from './qemu/icount/provider.ts';
import { QemuProvider } from './qemu/provider.ts';
import { VagrantProvider } from './vagrant/provider.ts';

/** What a plan can ask for: the host's time, or a count of instructions. */
export type GuestClock = 'wall' | 'icount';

function fake(counts: boolean): (clock?: Clock) => MachineProvider {
  return (clock) => new FakeProvider(clock instanceof VirtualClock ? { clock, counts } : { counts });
}

type Openers = Readonly<Partial<Record<GuestClock, (clock?: Clock) => MachineProvider>>>;

const providers: Readonly<Record<string, Openers>> = {
  qemu: { wall: () => new QemuProvider(), icount: () => new IcountProvider() },
  vagrant: { wall: () => new VagrantProvider() },
  /** For tests of the harness; everything it reports says so. */
  fake: { wall: fake(false), icount: fake(true) },
};

/** Those whose machine has a name of its own: what stands behind the colon. */
const named: Readonly<Record<string, (machine: string) => MachineProvider>> = {
  ssh: (host) => new LabProvider(host),
};

/** Names of all backends that are complete as they are. */
export const providerNames: readonly string[] = Object.keys(providers);
/** What a user can write, for help and messages. */
export const machineForms: readonly string[] = [...providerNames, 'ssh:HOST'];

function splitName(name: string): readonly [string, string] | undefined {
  const colon = name.indexOf(':');
  return colon < 0 ? undefined : [name.slice(0, colon), name.slice(colon + 1)];
}

/** Whether there is a backend of that name. */
export function isProvider(name: string): boolean {
  const [kind, machine] = splitName(name) ?? [];
  if (kind === undefined) return Object.hasOwn(providers, name);
  return Object.hasOwn(named, kind) && machine !== '';
}

/**
 * The backend called `name`, not yet prepared. `beside`: another one, in whose time its guests live, too.
 * KeystormError (exit 2) names the known ones, or those whose guests have such a clock, or says what is wrong with a machine's name.
 */
export function openProvider(name: string, clock: GuestClock = 'wall', beside?: MachineProvider): MachineProvider {
  if (!isProvider(name))
    throw new KeystormError(`There is no machine "${name}"; known are: ${machineForms.join(', ')}.`);
  const [kind = '', machine = ''] = splitName(name) ?? [];
  const openNamed = named[kind];
  const openers: Openers | undefined = openNamed === undefined ? providers[name] : { wall: () => openNamed(machine) };
  const open = openers?.[clock];
  if (open !== undefined) return open(beside?.clock);
  const able = providerNames.filter((each) => providers[each]?.[clock] !== undefined);
  throw new KeystormError(`Machine ${name} has no guests with clock ${clock}: take --machine ${able.join(' or ')}.`);
}
