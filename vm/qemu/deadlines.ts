// SPDX-License-Identifier: MIT
/** How long what a guest in QEMU does may take. */

/** Bounds of every wait, in milliseconds. Generous: an emulated guest on a loaded host is slow, not dead. */
export interface QemuDeadlines {
  /** QEMU is set up and its monitor answers. */
  readonly start: number;
  /** The guest says that it is up; of the time in which it could run. */
  readonly ready: number;
  /** The guest may be silent for so long while it boots; of the same time. */
  readonly silence: number;
  /** It boots, however little it could run. */
  readonly giveUp: number;
  /** A shell command without a limit of its own. */
  readonly command: number;
  /** QEMU ends after it was asked to. */
  readonly quit: number;
  /** A lost connection turns out to be a dead guest. */
  readonly aftermath: number;
  /** A guest whose kernel said that it is dead ends by itself. It is known within a second; QEMU's end takes the rest of it. */
  readonly death: number;
}

export const standardDeadlines: QemuDeadlines = {
  start: 30_000,
  ready: 180_000,
  // Of 6 s in which a kernel boots under emulation it was never silent for more than 2.
  silence: 9_500,
  giveUp: 900_000,
  command: 120_000,
  quit: 3_000,
  aftermath: 3_000,
  death: 500,
};

/** The standard ones for a kernel that takes so many times longer for what the guest does. */
export function deadlinesFor(slowness: number): QemuDeadlines {
  const { ready, silence, giveUp, command } = standardDeadlines;
  return {
    ...standardDeadlines,
    ready: ready * slowness,
    silence: silence * slowness,
    giveUp: giveUp * slowness,
    command: command * slowness,
  };
}
