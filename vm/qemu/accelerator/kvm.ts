// SPDX-License-Identifier: MIT
/** Does KVM boot a guest on this host? Looked at, remembered, or tried. */
import * as path from 'node:path';
import { Cache } from '../../cache.ts';
import { KeystormError } from '../../failure.ts';
import { run } from '../../host/command.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import { kernelEntry } from '../../image/kernels.ts';
import { Preparation } from '../../image/prepare.ts';
import { type QemuSettings, qemuArguments, qemuProgram } from '../arguments.ts';
import { kernelCommandLine } from '../cmdline.ts';
import { type DeviceLook, lookAtKvm } from './device.ts';
import { type KvmIdentity, kvmIdentity } from './identity.ts';
import { recall, remember } from './memory.ts';
import { bootTinyGuest, probeDeadlineMs, verdictOf } from './probe.ts';
import { probeImage } from './probe-image.ts';
import type { KnownVerdict, KvmVerdict } from './verdict.ts';

/** The guests whose accelerator is in question: what is true of one shape need not be of another. */
export interface GuestShape {
  readonly smp: number;
  readonly memoryMiB: number;
}

/** The shape of guests that nobody asked to be another. */
export const standardShape: GuestShape = { smp: 1, memoryMiB: 512 };

/** The guest kernel: its ELF or bzImage, and the sha256 of what it comes from (`KernelBuild.identity`). */
export interface GuestKernel {
  readonly file: string;
  readonly identity: string;
}

/** What finding out takes; tests put made-up answers in. */
export interface KvmSources {
  readonly look: () => DeviceLook;
  readonly boot: () => Promise<KvmVerdict>;
  readonly now: () => Date;
}

export interface KvmQuestion {
  readonly cache: Cache;
  /** All but the device, which looking at it yields. */
  readonly identity: (device: string) => KvmIdentity;
  readonly progress: (line: string) => void;
  /** Boot the tiny guest whatever is remembered. */
  readonly again?: boolean;
}

/**
 * What KVM does here: from a look at /dev/kvm if that decides, else from the cache, else by a boot, whose verdict is remembered.
 * Of harnesses that share a cache one boots and the others wait for it.
 */
export async function findVerdict(question: KvmQuestion, sources: KvmSources): Promise<KnownVerdict> {
  const { cache, progress, again = false } = question;
  const look = sources.look();
  if ('verdict' in look) return { ...look.verdict, decidedAt: sources.now().toISOString(), remembered: false };
  const identity = question.identity(look.device);
  const known = again ? undefined : recall(cache, identity, sources.now());
  if (known !== undefined) return known;
  const boot = async (): Promise<KnownVerdict> => {
    const meanwhile = again ? undefined : recall(cache, identity, sources.now());
    if (meanwhile !== undefined) return meanwhile;
    progress(`Trying whether KVM boots a guest here (at most ${probeDeadlineMs / 1000} s; remembered).`);
    const verdict = await sources.boot();
    progress(verdict.outcome === 'boots' ? 'KVM boots a guest here.' : `KVM does not: ${verdict.detail}.`);
    await remember(cache, identity, verdict).catch((error: Error) =>
      progress(`What KVM does could not be remembered (${error.message}); the next run tries again.`),
    );
    return { ...verdict, remembered: false };
  };
  try {
    await cache.folder('locks');
  } catch (error) {
    // Nobody can be kept out of a cache that cannot be written to, and nothing is lost if two of us try.
    if (error instanceof KeystormError) return await boot();
    throw error;
  }
  return await cache.alone('kvm', progress, boot);
}

/** The verdict for guests of `shape` with a kernel that is there. */
export async function verdictForGuests(
  kernel: GuestKernel,
  shape: GuestShape,
  qemu: string,
  cache: Cache,
  progress: (line: string) => void,
  again = false,
): Promise<KnownVerdict> {
  const identity = identityOf(kernel.identity, shape, qemu);
  return await findVerdict(
    { cache, identity, progress, again },
    {
      look: () => lookAtKvm(),
      now: () => new Date(),
      boot: async () => {
        const image = await probeImage(cache, progress);
        const initrd = path.join(image.dir, 'initramfs.cpio');
        return await boot(probeArguments(kernel.file, initrd, shape));
      },
    },
  );
}

/** For those who only want to know, such as a look at what this host has: boots nothing; undefined if nothing is known. */
export async function knownVerdict(
  kernelName: string,
  shape: GuestShape = standardShape,
  cache: Cache = Cache.standard(),
): Promise<KnownVerdict | undefined> {
  const look = lookAtKvm();
  if ('verdict' in look) return { ...look.verdict, decidedAt: new Date().toISOString(), remembered: false };
  const identity = identityOf(kernelEntry(kernelName).identity, shape, await qemuVersion());
  return recall(cache, identity(look.device));
}

/** Finds out by a boot, whatever is remembered, and remembers that. Fetches and builds the kernel if it has to. */
export async function probeAgain(
  kernelName: string,
  progress: (line: string) => void,
  shape: GuestShape = standardShape,
  cache: Cache = Cache.standard(),
): Promise<KnownVerdict> {
  const preparation = await Preparation.open({ kernel: kernelName, locked: false, progress }, cache);
  const file = await preparation.kernelFile();
  const kernel = { file, identity: preparation.kernel.identity };
  return await verdictForGuests(kernel, shape, await qemuVersion(), cache, progress, true);
}

/** The first line of what QEMU says of its version. */
export async function qemuVersion(): Promise<string> {
  return (await run(qemuProgram, ['--version'])).split('\n')[0] ?? '';
}

/** What QEMU leaves behind (a core file, when it ends as it does on some hosts) goes with its folder. */
function boot(args: readonly string[]): Promise<KvmVerdict> {
  return withTemporaryFolder('kvm', async (dir) => verdictOf(await bootTinyGuest(qemuProgram, args, dir), new Date()));
}

function identityOf(kernel: string, shape: GuestShape, qemu: string): (device: string) => KvmIdentity {
  const flags = probeArguments('', '', shape).join(' ');
  return (device) => kvmIdentity({ device, kernel, qemu, flags });
}

/** Exactly what a guest is started with, but for the files and for the port that leads into it. */
function probeArguments(kernelFile: string, initrd: string, shape: GuestShape): string[] {
  const cmdline = kernelCommandLine(shape.smp, 'kvm');
  const settings: QemuSettings = { kernelFile, initrd, cmdline, ...shape, accelerator: 'kvm', sshPort: undefined };
  return qemuArguments(settings);
}
