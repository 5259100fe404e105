// SPDX-License-Identifier: MIT
/** Words of a guest's command line whose value the harness measures anew: two guests that differ in them alone were set up alike. */

/** How often an emulated processor's time stamp counter ticks, in kHz. */
export const tscWord = 'tsc_early_khz';

const measured: readonly string[] = [tscWord];

/** The command line without the values that were measured. */
export function withoutMeasured(cmdline: string): string {
  return cmdline
    .split(' ')
    .filter((word) => !measured.some((name) => word.startsWith(`${name}=`)))
    .join(' ');
}
