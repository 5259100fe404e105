// SPDX-License-Identifier: MIT
/** For tests: an output that remembers. */
import type { Output } from '../output.ts';

export function capture(): { output: Output; out: string[]; err: string[] } {
  const [out, err]: [string[], string[]] = [[], []];
  const progress = { line: (text: string) => void err.push(text), status: () => {} };
  return { out, err, output: { result: (text) => void out.push(text), progress, colour: false } };
}
