// SPDX-License-Identifier: MIT
/** QEMU's argument list for a guest: the one place where flags are. */

export interface QemuSettings {
  readonly kernelFile: string;
  /** The image with the keys of this boot behind it. */
  readonly initrd: string;
  readonly cmdline: string;
  readonly smp: number;
  readonly memoryMiB: number;
  /** Port on 127.0.0.1 that leads to the guest's sshd. */
  readonly sshPort: number;
  /** QEMU itself keeps the console here, so it is whole even if the harness dies. */
  readonly consoleLog: string;
}

export const qemuProgram = 'qemu-system-x86_64';
/** The guest's address and port, as its init sets them up. */
const guestSshd = '10.0.2.15:22';
/** The file descriptor QEMU inherits for its monitor: one end of a pair of Unix sockets, so no path needs cleaning up. */
export const monitorFd = 3;

/** All arguments after the program's name. A path with a comma is written as QEMU wants it: doubled. */
export function qemuArguments(settings: QemuSettings): string[] {
  return [
    // Nothing that is not named here: no default devices, no configuration of the user's.
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-machine', 'q35', '-accel', 'tcg'],
    // With cx16 the newer kernels crash under QEMU 7.2 with more than one vCPU.
    ...['-cpu', 'max,-cx16', '-smp', String(settings.smp), '-m', `${settings.memoryMiB}M`],
    ...['-kernel', settings.kernelFile, '-initrd', settings.initrd, '-append', settings.cmdline],
    // A reset (after a panic, say) ends QEMU.
    '-no-reboot',
    ...[
      '-chardev',
      `stdio,id=console,signal=off,logfile=${quoteCommas(settings.consoleLog)}`,
      '-serial',
      'chardev:console',
    ],
    ...['-chardev', `socket,id=monitor,fd=${monitorFd}`, '-mon', 'chardev=monitor,mode=control'],
    // restrict: the guest reaches neither the host nor what lies beyond; the forward alone leads in. ipv6=off: QEMU would
    // advertise itself as a router every few minutes, and so interrupt a measuring window.
    ...['-netdev', `user,id=net,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:${settings.sshPort}-${guestSshd}`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
  ];
}

function quoteCommas(value: string): string {
  return value.replaceAll(',', ',,');
}
