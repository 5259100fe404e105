// SPDX-License-Identifier: MIT
/** Programs that the kernel ends when we end. */

/**
 * setpriv has the kernel kill the program when its parent dies. "Parent" means the thread that forked it, so it must be spawned on Node's
 * main thread. The shell closes the gap before setpriv took effect: if we died in it, the program already has another parent and is not
 * started. Both exec, so the program has the pid we see.
 */
const leash = ['--pdeathsig', 'KILL', '--', 'sh', '-c', 'test "$PPID" = "$0" && exec "$@"'];

/** What to spawn in place of the program: `spawn(...leashed(program, args))`. */
export function leashed(program: string, args: readonly string[]): [program: string, args: string[]] {
  return ['setpriv', [...leash, String(process.pid), program, ...args]];
}
