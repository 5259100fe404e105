// SPDX-License-Identifier: MIT
/** Which backends there are. A new one is a line here and a folder beside this file. */

import type { Clock } from './clock.ts';
import { KeystormError } from './failure.ts';
import { FakeProvider } from './fake/provider.ts';
import { VirtualClock } from './fake/virtual-clock.ts';
import { LabProvider } from './lab/provider.ts';
import type { MachineProvider } from './machine.ts';
import { QemuProvider } from './qemu/provider.ts';
import { VagrantProvider } from './vagrant/provider.ts';

const providers: Readonly<Record<string, (clock?: Clock) => MachineProvider>> = {
  qemu: () => new QemuProvider(),
  vagrant: () => new VagrantProvider(),
  /** For tests of the harness; everything it reports says so. */
  fake: (clock) => new FakeProvider(clock instanceof VirtualClock ? { clock } : {}),
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
 * KeystormError (exit 2) names the known ones, or says what is wrong with a machine's name.
 */
export function openProvider(name: string, beside?: MachineProvider): MachineProvider {
  if (!isProvider(name))
    throw new KeystormError(`There is no machine "${name}"; known are: ${machineForms.join(', ')}.`);
  const [kind, machine] = splitName(name) ?? [];
  const open = kind === undefined ? providers[name] : () => named[kind]?.(machine ?? '');
  return open?.(beside?.clock) as MachineProvider;
}
