// SPDX-License-Identifier: MIT
/**
 * A kernel as the rest of `vm/` sees it: something to boot and something to build modules against, wherever it came from.
 * Each way to get one (Debian's packages, a build from source, an engineer's own tree) is a maker; nobody past `kernels.ts`
 * asks which.
 */
import type { Cache, Product } from '../cache.ts';
import type { Json } from '../hash.ts';
import type { Toolchain } from './toolchain/toolchain.ts';

/** Which kernel is meant: one that has a name, or an engineer's own. */
export interface KernelChoice {
  readonly kernel: string;
  /** The folder of a build tree, absolute; then `kernel` counts for nothing. */
  readonly kernelTree?: string | undefined;
}

/** What a maker is given. */
export interface KernelContext {
  readonly cache: Cache;
  /** Refuse, rather than take the newest of the series, when what is locked cannot be had. */
  readonly locked: boolean;
  readonly progress: (line: string) => void;
}

/** A kernel known by name, from committed files alone: for lists, help and completion. */
export interface KernelEntry {
  /** What a user types after --kernel. */
  readonly name: string;
  /** A few words for `keystorm list`. */
  readonly description: string;
  /** uname -r. */
  readonly release: string;
  readonly version: string;
  /** `KernelBuild.identity` as it is while the lock is followed. */
  readonly identity: string;
  /** Something of it is compiled in a root of its own: the host must allow user and mount namespaces. */
  readonly needsNamespaces: boolean;
  /** It can be told to let an allocation fail (`failingOptions`). */
  readonly allocationsFail?: boolean;
  /** As in `KernelDemands`. */
  readonly slowness?: number;
  /** The command that tests on it, where `npm run test:full` does not. */
  readonly testedBy?: string;
}

/** One way to get kernels that have names. */
export interface KernelMaker {
  entries(): readonly KernelEntry[];
  /** Is what it boots, as it is while the lock is followed, in the cache? Asks nobody, changes nothing. */
  isCached(name: string, cache: Cache): boolean;
  /** Resolves the kernel; fetches and builds nothing that can wait. `name` is one of `entries()`. */
  open(name: string, context: KernelContext): Promise<KernelBuild>;
}

/** A resolved kernel. Its parts are fetched or built when they are asked for, and kept in the cache. */
export interface KernelBuild {
  /** What the user called it: a name of the lock file, or the path of a tree. */
  readonly name: string;
  /** uname -r. */
  readonly release: string;
  /** The dimension `kernel` of every metric: two that differ are never compared by mistake. */
  readonly version: string;
  /** sha256, hexadecimal, of what decides how it boots (a package's checksum, say): known before anything is built. */
  readonly identity: string;
  /** What to say loudly, e.g. that the locked version was gone; empty when there is nothing. */
  readonly notes: readonly string[];
  /** What guests need to run it, when that is more than usual. */
  readonly demands?: KernelDemands;
  /**
   * The product that is booted: `vmlinux` (an ELF kernel with a PVH note) or `bzImage`; `config`; and, as `collectModules` writes
   * them, `modules/`, `modules.dep` and `boot-modules`.
   */
  boot(): Promise<Product>;
  /**
   * What a module built for it depends on besides the module's own source: headers by checksum, the compiler by its version on the host, or by
   * the name of its package where it comes out of the cache.
   */
  readonly moduleInputs: Json;
  /** How long another harness may take to have this and build modules, where that is more than usual. */
  readonly moduleWaitMs?: number;
  /** What a module is built against, and with. Called only when one must be built. */
  moduleTree(): Promise<ModuleTree>;
}

export interface KernelDemands {
  /** At least so much, whatever was asked for. */
  readonly memoryMiB?: number;
  /** How many times longer than Debian's kernel a guest may take for anything, at least 1; bounds on it are multiplied. */
  readonly slowness?: number;
  /** Words to add to the command line. */
  readonly cmdline?: readonly string[];
}

/** Kernel headers or a build tree. Only read: modules are built in a folder of their own (`make -C tree M=there`). */
export interface ModuleTree {
  /** A folder of the host; the toolchain is shown all of it, where its `sees` says. */
  readonly dir: string;
  /** What of it `make -C` gets, relative to it; '.': itself. */
  readonly make: string;
  readonly toolchain: Toolchain;
  /** Further words for make, e.g. 'LLVM=1'. */
  readonly settings?: readonly string[];
  /** Where somebody else may write to it: called when modules are built. Throws if they may be of two kernels. */
  readonly demandUnchanged?: () => Promise<void>;
}
