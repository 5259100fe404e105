// SPDX-License-Identifier: MIT
/** Ends a guest whose kernel has said that it is dead: that it goes by itself is not to be relied upon. */
import type { Clock } from '../clock.ts';
import type { ConsoleLines } from '../console-lines.ts';

/**
 * Calls `kill`, once, `boundMs` after a line on the console said that the guest is dead: its last words are worth a moment. The
 * returned function ends the watch.
 */
export function watchForDeath(console: ConsoleLines, boundMs: number, clock: Clock, kill: () => void): () => void {
  let cancel: (() => void) | undefined;
  const deaf = console.onLine(() => {
    if (console.sighting?.gravity === 'dead') cancel ??= clock.after(boundMs, kill);
  });
  return () => {
    deaf();
    cancel?.();
  };
}
