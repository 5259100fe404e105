// SPDX-License-Identifier: MIT
/** Waits for work under virtual time, and tells work that ends from work that never will. */
import type { VirtualClock } from '../../vm/fake/virtual-clock.ts';

export type End<T> =
  | { readonly how: 'returned'; readonly value: T }
  | { readonly how: 'threw'; readonly thrown: unknown }
  /** Nobody waits for anything that could still come, or it goes on and on. */
  | { readonly how: 'never' };

/** No boot of a campaign can rightly take so long: it is many times all bounds together. */
const mostMs = 6 * 3_600_000;
/** So often the event loop may come around with nothing due. */
const idleTurns = 30;

/** How `work` ends, with all errors that nobody caught meanwhile. */
export async function endOf<T>(
  work: () => Promise<T>,
  clock: VirtualClock,
): Promise<{ readonly end: End<T>; readonly uncaught: readonly unknown[] }> {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', note).on('unhandledRejection', note);
  try {
    let end: End<T> | undefined;
    work().then(
      (value) => {
        end = { how: 'returned', value };
      },
      (thrown) => {
        end = { how: 'threw', thrown };
      },
    );
    for (let idle = 0; end === undefined && idle < idleTurns && clock.now() < mostMs; ) {
      await turn();
      idle = clock.pending > 0 ? 0 : idle + 1;
    }
    // What nobody caught is told once everything else has been done.
    await turn();
    return { end: end ?? { how: 'never' }, uncaught };
  } finally {
    process.off('uncaughtException', note).off('unhandledRejection', note);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
