// SPDX-License-Identifier: MIT
/** What this host has, as found: no opinion yet of whether that is enough. Nothing is changed by looking. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Cache } from '../../../vm/cache.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { attempt } from '../../../vm/host/command.ts';
import { missingNeeds } from '../../../vm/host/packages.ts';
import { cachedKernels, kernelEntries } from '../../../vm/image/kernels.ts';
import { namespaceRefusal } from '../../../vm/image/toolchain/chroot.ts';
import { knownVerdict, probeAgain, qemuVersion } from '../../../vm/qemu/accelerator/kvm.ts';
import type { KnownVerdict } from '../../../vm/qemu/accelerator/verdict.ts';
import { lackingOf, type VagrantNeed, vagrantNeeds } from '../../../vm/vagrant/needs.ts';
import { hasDuckDb } from '../../query/duckdb.ts';
import { describeTool } from '../../run/host.ts';
import { runFoldersIn, standardRunsDir } from '../../run/run-folder.ts';
import { type Mirror, reachMirrors } from './mirrors.ts';

/** A folder that is, or would be, written to. */
export interface Place {
  readonly dir: string;
  /** Why not, e.g. 'EROFS'; null when it can be written, or made where it would be. */
  readonly refusal: string | null;
  readonly freeBytes: number;
}

/** Build products of a kind, or what else fills a cache. */
export interface CachePart {
  readonly kind: string;
  readonly count: number;
  readonly bytes: number;
}

/** A kernel that has a name, and what there is of it. */
export interface KernelFact {
  readonly name: string;
  readonly version: string;
  readonly cached: boolean;
  readonly needsNamespaces: boolean;
}

export interface Facts {
  readonly tool: { readonly version: string; readonly commit: string | null };
  readonly node: string;
  /** Null: not installed. */
  readonly npm: string | null;
  /** Contents of /etc/os-release; empty when there is none. */
  readonly osRelease: string;
  readonly isRoot: boolean;
  /** KEYSTORM_NO_INSTALL says so. */
  readonly noInstall: boolean;
  /** Of the table of host needs, what is not there. */
  readonly missing: readonly string[];
  /** Of what only guests through Vagrant need. */
  readonly vagrantLacks: readonly Pick<VagrantNeed, 'needs' | 'from'>[];
  /** The package with which SQL is answered can be loaded. */
  readonly hasDuckDb: boolean;
  /** What QEMU says of its version; null when there is none that runs. */
  readonly qemu: string | null;
  readonly processors: { readonly model: string; readonly usable: number };
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number };
  readonly cache: Place & { readonly parts: readonly CachePart[] };
  readonly results: Place & { readonly runs: number };
  readonly temporary: Place;
  /** Null: HOME is not set. */
  readonly home: Place | null;
  /** Null: nobody wanted to know. */
  readonly mirrors: readonly Mirror[] | null;
  readonly kernels: readonly KernelFact[];
  /** Why nothing can be compiled in a root of its own, e.g. 'unshare: unshare failed: Operation not permitted'; null: it can. */
  readonly namespaceRefusal: string | null;
  /** What is known of KVM; null: nothing yet; a text: why it could not be found out. */
  readonly kvm: KnownVerdict | string | null;
}

export interface Wishes {
  /** The guest kernel whose accelerator is in question. */
  readonly kernel: string;
  /** Boot a tiny guest, whatever is remembered of KVM. */
  readonly probe: boolean;
  readonly network: boolean;
  readonly progress: (line: string) => void;
}

export async function gatherFacts(wishes: Wishes): Promise<Facts> {
  const { version, commit } = describeTool();
  const forbidden = process.env.KEYSTORM_NO_INSTALL ?? '';
  const cacheDir = Cache.standard().root;
  const missing = missingNeeds().map(({ needs }) => needs);
  return {
    tool: { version, commit },
    node: process.versions.node,
    npm: await versionOf('npm'),
    osRelease: textOf('/etc/os-release'),
    isRoot: process.getuid?.() === 0,
    noInstall: forbidden !== '' && forbidden !== '0',
    missing,
    vagrantLacks: lackingOf(vagrantNeeds),
    hasDuckDb: await hasDuckDb(),
    qemu: await qemuVersion().catch(() => null),
    processors: { model: os.cpus()[0]?.model.trim() || 'unknown', usable: os.availableParallelism() },
    memory: { totalBytes: os.totalmem(), availableBytes: availableMemory() },
    cache: { ...(await place(cacheDir)), parts: await cacheParts(cacheDir) },
    results: { ...(await place(standardRunsDir)), runs: runFoldersIn(standardRunsDir).length },
    temporary: await place(os.tmpdir()),
    home: process.env.HOME ? await place(process.env.HOME) : null,
    mirrors: wishes.network ? await reachMirrors() : null,
    kernels: kernels(),
    namespaceRefusal: await namespaceRefusal(),
    kvm: await kvm(wishes),
  };
}

function kernels(): KernelFact[] {
  const cached = cachedKernels();
  return kernelEntries().map(({ name, version, needsNamespaces }) => ({
    ...{ name, version, needsNamespaces },
    cached: cached.includes(name),
  }));
}

/** Not everything that is wrong with KVM may keep the rest from being told. */
async function kvm({ kernel, probe, progress }: Wishes): Promise<Facts['kvm']> {
  try {
    return (probe ? await probeAgain(kernel, progress) : await knownVerdict(kernel)) ?? null;
  } catch (error) {
    if (error instanceof KeystormError) return error.message;
    throw error;
  }
}

async function versionOf(program: string): Promise<string | null> {
  const result = await attempt(program, ['--version'], { timeoutMs: 10_000 }).catch(() => null);
  return result?.code === 0 ? result.stdout.trim() : null;
}

/** The kernel's own estimate of what a new process may take; without one, what is free. */
function availableMemory(): number {
  const kiB = /^MemAvailable:\s+(\d+) kB$/m.exec(textOf('/proc/meminfo'))?.[1];
  return kiB === undefined ? os.freemem() : Number(kiB) * 1024;
}

async function place(dir: string): Promise<Place> {
  let at = path.resolve(dir);
  while (!existsSync(at)) at = path.dirname(at);
  const { bavail, bsize } = await statfs(at);
  return { dir, refusal: refusalOf(at), freeBytes: bavail * bsize };
}

function refusalOf(dir: string): string | null {
  try {
    accessSync(dir, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Products by their kind, the rest by its folder; largest first. */
async function cacheParts(dir: string): Promise<CachePart[]> {
  const products = path.join(dir, 'products');
  const folders = [
    ...(await namesIn(dir)).filter((name) => name !== 'products').map((name) => path.join(dir, name)),
    ...(await namesIn(products)).map((name) => path.join(products, name)),
  ];
  const sizes = await sizesOf(folders);
  const parts = new Map<string, { count: number; bytes: number }>();
  for (const folder of folders) {
    // '<kind>-<hash>'; a product that is being built begins with a dot.
    const name = path.basename(folder);
    const kind = name.startsWith('.') ? 'unfinished' : name.replace(/-[0-9a-f]+$/, '');
    const sum = parts.get(kind) ?? { count: 0, bytes: 0 };
    parts.set(kind, { count: sum.count + 1, bytes: sum.bytes + (sizes.get(folder) ?? 0) });
  }
  return [...parts].map(([kind, sum]) => ({ kind, ...sum })).sort((a, b) => b.bytes - a.bytes);
}

/** Bytes on the disk, by a program that is ten times as fast at it as we are: a toolchain has thousands of files. */
async function sizesOf(folders: readonly string[]): Promise<Map<string, number>> {
  if (folders.length === 0) return new Map();
  // What goes away while it is looked at, or may not be looked at, counts nothing; it is complained of, and the rest is right.
  const { stdout } = await attempt('du', ['--summarize', '--block-size=1', '--', ...folders]);
  const lines = stdout.split('\n').map((line) => line.split('\t'));
  return new Map(lines.map(([bytes, folder]) => [folder ?? '', Number(bytes)]));
}

function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
