// SPDX-License-Identifier: MIT
/** Which backends there are. A new one is a line here and a folder beside this file. */

import { KeystormError } from './failure.ts';
import { FakeProvider } from './fake/provider.ts';
import type { MachineProvider } from './machine.ts';
import { QemuProvider } from './qemu/provider.ts';

const providers: Readonly<Record<string, () => MachineProvider>> = {
  qemu: () => new QemuProvider(),
  /** For tests of the harness; everything it reports says so. */
  fake: () => new FakeProvider(),
};

/** Names of all backends. */
export const providerNames: readonly string[] = Object.keys(providers);

/** The backend called `name`, not yet prepared. KeystormError (exit 2) names the known ones. */
export function openProvider(name: string): MachineProvider {
  const open = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (open !== undefined) return open();
  throw new KeystormError(`There is no machine "${name}"; known are: ${providerNames.join(', ')}.`);
}
