// SPDX-License-Identifier: MIT
/** Words of a guest's command line whose value the harness measures or draws anew: two guests that differ in them alone were set up alike. */

/** How often an emulated processor's time stamp counter ticks, in kHz. */
export const tscWord = 'tsc_early_khz';

/** Which layout a guest has that counts its instructions: another in each boot of a run. */
export const layoutWordName = 'keystorm.layout';

const measured: readonly string[] = [tscWord, layoutWordName];

/** The command line without these. */
export function withoutMeasured(cmdline: string): string {
  return cmdline
    .split(' ')
    .filter((word) => !measured.some((name) => word.startsWith(`${name}=`)))
    .join(' ');
}
