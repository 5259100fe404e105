// SPDX-License-Identifier: MIT
/** Which lines of a kernel log are complaints. */
import { patternOf } from './patterns.ts';

/** KERN_EMERG and KERN_ALERT: whatever they say, something broke. */
const alwaysBad = 1;

/** Why a line is a complaint; null if it is ordinary. `level` is the kernel's, 0 (emergency) to 7 (debug). */
export function complaintOf(level: number, text: string): string | null {
  const complaint = patternOf(text)?.complaint;
  if (complaint !== undefined) return complaint;
  return level <= alwaysBad ? `level ${level}` : null;
}
