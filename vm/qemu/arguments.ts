// SPDX-License-Identifier: MIT
/** QEMU's argument list for a guest: the one place where flags are. */
import { guestAddress } from '../image/initramfs.ts';

export interface QemuSettings {
  readonly kernelFile: string;
  /** The image with the keys of this boot behind it. */
  readonly initrd: string;
  readonly cmdline: string;
  readonly smp: number;
  readonly memoryMiB: number;
  readonly accelerator: 'tcg' | 'kvm';
  /** Port on 127.0.0.1 that leads to the guest's sshd; undefined: nothing leads in. */
  readonly sshPort: number | undefined;
}

/** Processors by accelerator. With cx16 the newer kernels crash under QEMU 7.2's emulation with more than one vCPU. */
export const processors = { tcg: 'max,-cx16', kvm: 'host' } as const;

export const qemuProgram = 'qemu-system-x86_64';
/** The guest's address and port, as its init sets them up. */
const guestSshd = `${guestAddress}:22`;
/** The file descriptor QEMU inherits for its monitor: one end of a pair of Unix sockets, so no path needs cleaning up. */
export const monitorFd = 3;

/** All arguments after the program's name. */
export function qemuArguments(settings: QemuSettings): string[] {
  const { accelerator, sshPort } = settings;
  const forward = sshPort === undefined ? '' : `,hostfwd=tcp:127.0.0.1:${sshPort}-${guestSshd}`;
  return [
    // Nothing that is not named here: no default devices, no configuration of the user's.
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-machine', 'q35', '-accel', accelerator],
    ...['-cpu', processors[accelerator], '-smp', String(settings.smp), '-m', `${settings.memoryMiB}M`],
    ...['-kernel', settings.kernelFile, '-initrd', settings.initrd, '-append', settings.cmdline],
    // A reset (after a panic, say) ends QEMU.
    '-no-reboot',
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...['-chardev', `socket,id=monitor,fd=${monitorFd}`, '-mon', 'chardev=monitor,mode=control'],
    // restrict: the guest reaches neither the host nor what lies beyond; the forward alone leads in. ipv6=off: QEMU would
    // advertise itself as a router every few minutes, and so interrupt a measuring window.
    ...['-netdev', `user,id=net,restrict=on,ipv6=off${forward}`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
  ];
}
