// SPDX-License-Identifier: MIT
/** Which backends there are. A new one is a line here and a folder beside this file. */

import type { Clock } from './clock.ts';
import { KeystormError } from './failure.ts';
import { FakeProvider } from './fake/provider.ts';
import { VirtualClock } from './fake/virtual-clock.ts';
import type { MachineProvider } from './machine.ts';
import { QemuProvider } from './qemu/provider.ts';
import { VagrantProvider } from './vagrant/provider.ts';

const providers: Readonly<Record<string, (clock?: Clock) => MachineProvider>> = {
  qemu: () => new QemuProvider(),
  vagrant: () => new VagrantProvider(),
  /** For tests of the harness; everything it reports says so. */
  fake: (clock) => new FakeProvider(clock instanceof VirtualClock ? { clock } : {}),
};

/** Names of all backends. */
export const providerNames: readonly string[] = Object.keys(providers);

/**
 * The backend called `name`, not yet prepared. `beside`: another one, in whose time its guests live, too.
 * KeystormError (exit 2) names the known ones.
 */
export function openProvider(name: string, beside?: MachineProvider): MachineProvider {
  const open = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (open !== undefined) return open(beside?.clock);
  throw new KeystormError(`There is no machine "${name}"; known are: ${providerNames.join(', ')}.`);
}
