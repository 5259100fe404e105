// SPDX-License-Identifier: MIT
/** Where compilers run: in a root of another Debian suite, or on this host as it is. */

/** Half an hour: a whole kernel on a slow host. */
export const standardTimeoutMs = 1_800_000;

/** A folder of the host as a command sees it. */
export interface Bind {
  /** On the host; must exist. */
  readonly from: string;
  /** In the toolchain's root: absolute, not below a folder that a Debian system has (`/build/tree`, say). */
  readonly to: string;
  /** Default: it can only be read. */
  readonly writable?: boolean;
}

export interface ToolchainCommand {
  readonly binds?: readonly Bind[];
  /** Working folder: the `to` of a bind; default: the root. */
  readonly cwd?: string;
  /** The whole environment besides PATH and LC_ALL=C: nothing of ours is handed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the command and all its children are killed; default `standardTimeoutMs`. */
  readonly timeoutMs?: number;
}

export interface Toolchain {
  /** In a few words, e.g. 'gcc-14 of trixie'. */
  readonly name: string;
  /** The path by which a command finds what `bind` shows it: `to` in a root of its own, `from` on the host as it is. */
  sees(bind: Bind): string;
  /**
   * Runs a command to its end and returns what it printed. As root and as an ordinary user alike; nothing stays mounted or running,
   * also when we die. Anything but status 0 is a KeystormError (exit 3) with the first lines of what it complained of.
   */
  run(argv: readonly string[], command?: ToolchainCommand): Promise<string>;
}
