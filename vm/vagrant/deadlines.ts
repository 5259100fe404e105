// SPDX-License-Identifier: MIT
/** How long what a guest behind Vagrant does may take. What is no different from QEMU has its bounds. */
import { deadlinesFor, type QemuDeadlines } from '../qemu/deadlines.ts';

export interface VagrantDeadlines extends QemuDeadlines {
  /** A command of Vagrant's that asks the guest for nothing. Ruby needs seconds to start, on a loaded host many. */
  readonly vagrant: number;
  /** `vagrant destroy`, when the guest is gone already. */
  readonly destroy: number;
}

const standard = {
  // From `vagrant up` to a QEMU that takes commands.
  start: 300_000,
  vagrant: 180_000,
  // Whoever ends a guest waits for a minute. What is left then goes with libvirt.
  destroy: 45_000,
};

/** The standard ones for a kernel that takes so many times longer for what the guest does. */
export function vagrantDeadlinesFor(slowness: number): VagrantDeadlines {
  return { ...deadlinesFor(slowness), ...standard };
}
