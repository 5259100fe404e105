// SPDX-License-Identifier: MIT
/** What the Vagrantfile is told of one guest of the harness: JSON in a file that the environment variable KEYSTORM_VAGRANT names. */
import type { Box } from './boxes.ts';

export interface GuestSettings {
  readonly box: Box;
  /** libvirt's kind of domain. */
  readonly driver: 'qemu' | 'kvm';
  readonly smp: number;
  readonly memoryMiB: number;
  /** Names of libvirt's begin so. */
  readonly prefix: string;
  /** The file that is booted in place of the box's: the same, with this boot's keys. */
  readonly initrd: string;
  readonly cmdline: string;
  /** Private key of the client, a file. */
  readonly key: string;
  /** Where QEMU writes what comes out of the serial line: a pipe with a name. */
  readonly console: string;
  /** Further words for QEMU. */
  readonly qemuArguments: readonly string[];
  /** How long Vagrant may wait for the guest's sshd. */
  readonly bootSeconds: number;
}

/** A second monitor of QEMU's, beside libvirt's own: its socket is the file. */
export function monitorArguments(file: string): string[] {
  return ['-chardev', `socket,id=keystorm,path=${file},server=on,wait=off`, '-mon', 'chardev=keystorm,mode=control'];
}
