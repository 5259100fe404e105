// SPDX-License-Identifier: MIT
// The program of side-by-side.ts: does each share of campaigns that it is sent, until it is ended.
import type { Share } from './side-by-side.ts';
import { simulate } from './simulate.ts';

process.on('message', async ({ first, count }: Share) => {
  process.send?.(await simulate(first, count));
});
