// SPDX-License-Identifier: MIT
/** QEMU's argument list for a guest whose clock counts its instructions: docs/deterministic.md says why each flag is there. */
import { monitorFd } from '../arguments.ts';
import { mailboxBytes } from './mailbox.ts';

export interface IcountSettings {
  /** What is booted; absent: nothing, for the guest is restored from a snapshot. */
  readonly boot?: { readonly kernelFile: string; readonly initrd: string; readonly cmdline: string } | undefined;
  readonly memoryMiB: number;
  /** Of whatever QEMU draws by lot. */
  readonly seed: number;
  /** The file behind the memory that guest and harness share. */
  readonly mailbox: string;
  /** The file that the runner's serial port is written to. */
  readonly port: string;
}

/** Ticks of the guest's time stamp counter in a second of its time, in thousands: it counts the same instructions as its clock. */
export const icountTscKHz = 1_000_000;

/** All arguments after the program's name. */
export function icountArguments({ boot, memoryMiB, seed, mailbox, port }: IcountSettings): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-machine', 'q35', '-accel', 'tcg'],
    // One instruction is one nanosecond, and where there is nothing to do the clock jumps to the next timer.
    ...['-icount', 'shift=0,sleep=off'],
    ...['-rtc', 'base=2024-01-01T00:00:00,clock=vm'],
    ...['-seed', String(seed)],
    ...['-cpu', 'max,-cx16,-rdrand,-rdseed', '-smp', '1', '-m', `${memoryMiB}M`],
    ...(boot === undefined
      ? ['-incoming', 'defer']
      : ['-kernel', boot.kernelFile, '-initrd', boot.initrd, '-append', boot.cmdline]),
    '-no-reboot',
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    // A file takes bytes as they come. A pipe or a socket may be full, and the guest would see by when somebody has read them.
    ...['-chardev', `file,id=port,path=${escaped(port)}`, '-serial', 'chardev:port'],
    ...['-chardev', `socket,id=monitor,fd=${monitorFd}`, '-mon', 'chardev=monitor,mode=control'],
    // By the first the guest stops its own time (vm/guest/carrier), by the second it is handed its plan meanwhile.
    ...['-device', 'pvpanic', '-action', 'panic=pause'],
    ...[
      '-object',
      `memory-backend-file,id=mailbox,share=on,size=${mailboxBytes},mem-path=${escaped(mailbox)}`,
      '-device',
      'ivshmem-plain,memdev=mailbox,master=on',
    ],
  ];
}

/** QEMU takes a comma for the end of a value, and two for one of it. */
function escaped(value: string): string {
  return value.replaceAll(',', ',,');
}
