// SPDX-License-Identifier: MIT
/** What this host has, as found: no opinion yet of whether that is enough. Nothing is changed by looking. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { lstat, readdir, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Cache } from '../../../vm/cache.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { attempt } from '../../../vm/host/command.ts';
import { missingNeeds } from '../../../vm/host/packages.ts';
import { knownVerdict, probeAgain, qemuVersion } from '../../../vm/qemu/accelerator/kvm.ts';
import type { KnownVerdict } from '../../../vm/qemu/accelerator/verdict.ts';
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
    qemu: await qemuVersion().catch(() => null),
    processors: { model: os.cpus()[0]?.model.trim() || 'unknown', usable: os.availableParallelism() },
    memory: { totalBytes: os.totalmem(), availableBytes: availableMemory() },
    cache: { ...(await place(cacheDir)), parts: await cacheParts(cacheDir) },
    results: { ...(await place(standardRunsDir)), runs: runFoldersIn(standardRunsDir).length },
    temporary: await place(os.tmpdir()),
    home: process.env.HOME ? await place(process.env.HOME) : null,
    mirrors: wishes.network ? await reachMirrors() : null,
    kvm: await kvm(wishes),
  };
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
  const parts = new Map<string, { count: number; bytes: number }>();
  const add = (kind: string, bytes: number) => {
    const sum = parts.get(kind) ?? { count: 0, bytes: 0 };
    parts.set(kind, { count: sum.count + 1, bytes: sum.bytes + bytes });
  };
  for (const name of await namesIn(dir)) {
    if (name !== 'products') add(name, await sizeOf(path.join(dir, name)));
  }
  for (const name of await namesIn(path.join(dir, 'products'))) {
    // '<kind>-<hash>'; a product that is being built begins with a dot.
    const kind = name.startsWith('.') ? 'unfinished' : name.replace(/-[0-9a-f]+$/, '');
    add(kind, await sizeOf(path.join(dir, 'products', name)));
  }
  return [...parts].map(([kind, sum]) => ({ kind, ...sum })).sort((a, b) => b.bytes - a.bytes);
}

/** Bytes on the disk. What goes away while it is looked at, or may not be looked at, counts nothing. */
async function sizeOf(file: string): Promise<number> {
  const status = await lstat(file).catch(() => null);
  if (status === null) return 0;
  let bytes = status.blocks * 512;
  if (status.isDirectory()) for (const name of await namesIn(file)) bytes += await sizeOf(path.join(file, name));
  return bytes;
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
