// SPDX-License-Identifier: MIT
/** Which backends there are, for whoever names one without opening it: opening is vm/providers.ts, which loads them all. */

/** Names of all backends that are complete as they are. */
export const providerNames = ['qemu', 'vagrant', 'fake'] as const;
export type ProviderName = (typeof providerNames)[number];

/** Those whose machine has a name of its own: what stands behind the colon. */
const namedKinds = ['ssh'] as const;
export type NamedKind = (typeof namedKinds)[number];

/** What a user can write, for help and messages. */
export const machineForms: readonly string[] = [...providerNames, 'ssh:HOST'];

export type MachineName =
  | { readonly kind: ProviderName; readonly machine?: never }
  | { readonly kind: NamedKind; readonly machine: string };

/** What a user wrote, taken apart; undefined where there is no such backend. */
export function parseMachine(text: string): MachineName | undefined {
  const colon = text.indexOf(':');
  if (colon < 0) {
    const kind = providerNames.find((name) => name === text);
    return kind && { kind };
  }
  const kind = namedKinds.find((name) => name === text.slice(0, colon));
  const machine = text.slice(colon + 1);
  return kind === undefined || machine === '' ? undefined : { kind, machine };
}
