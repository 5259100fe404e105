// SPDX-License-Identifier: MIT
/** The backends there are, by the name that --machine takes. Each is loaded only when it is used. */
import type { MachineProvider } from './machine.ts';

export const providers: Readonly<Record<string, () => Promise<MachineProvider>>> = {
  qemu: async () => new (await import('./qemu/provider.ts')).QemuProvider(),
  fake: async () => new (await import('./fake/provider.ts')).FakeProvider(),
};
