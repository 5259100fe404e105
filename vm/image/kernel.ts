// SPDX-License-Identifier: MIT
/** Kernels as Debian packages them: from a name of the lock file to packages, and from these to what is booted and built against. */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Cache, Product } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import type { Json } from '../hash.ts';
import { walk } from '../product-record.ts';
import type { PackageFile, PrivateApt } from './apt.ts';
import { extractVmlinux } from './bzimage.ts';
import type { DebStore } from './debs.ts';
import type { LockedKernel } from './lock.ts';
import { collectModules } from './modules.ts';
import type { Toolchain } from './toolchain/toolchain.ts';

/** The packages a kernel consists of, after it is known whether the locked ones still exist. */
export interface ResolvedKernel {
  /** uname -r. */
  readonly release: string;
  readonly version: string;
  /** The kernel itself and its modules. */
  readonly image: readonly PackageFile[];
  readonly headers: readonly PackageFile[];
  /** The package of the compiler that the headers demand. */
  readonly compiler: string;
  /** What to say loudly; empty when the lock was followed. */
  readonly notes: readonly string[];
}

/** Where packages come from: what resolving needs of a DebStore. */
export interface KernelSource {
  readonly apt: Pick<PrivateApt, 'files' | 'newest' | 'update' | 'demandMirror'>;
  has(file: PackageFile): Promise<boolean>;
}

/** What headers consist of. */
const headerPackages = /^linux-(headers|kbuild)-[0-9]/;

/** Modules the guest loads at boot, in any order; what they need is found by itself. */
export const bootModules = ['virtio_pci', 'virtio_net'] as const;
/** Modules kept in the image for modprobe. */
export const extraModules = ['dns_resolver', 'veth', 'bridge', 'dummy'] as const;

/**
 * Finds the packages of a kernel: the locked ones if they are in the cache or on the mirror, else the newest of the same
 * series. With `locked`, KeystormError (exit 2) instead of the newest.
 */
export async function resolveKernel(
  kernel: LockedKernel,
  locked: boolean,
  debs: KernelSource,
  progress: (line: string) => void,
): Promise<ResolvedKernel> {
  const stored = await Promise.all(kernel.packages.map((file) => debs.has(file)));
  if (stored.every(Boolean) || (await debs.apt.files(kernel.packages)) !== undefined) return fromLock(kernel);
  await debs.apt.update(true);
  if ((await debs.apt.files(kernel.packages)) !== undefined) return fromLock(kernel);
  // Lists that know nothing of the series were not fetched; with some, a failure may be another mirror's.
  if ((await debs.apt.newest(kernel.meta)) === undefined)
    debs.apt.demandMirror(`the kernel ${kernel.name} (${kernel.version})`);
  if (locked)
    throw new KeystormError(
      `The locked kernel ${kernel.name} (${kernel.version}) is no longer on the mirror; drop --locked to use the newest of its series, or update vm/image/kernels.lock.json.`,
    );
  const newest = await newestOfSeries(kernel, debs.apt);
  const note = departure(kernel, newest);
  progress(`WARNING: ${note}`);
  return { ...newest, notes: [note] };
}

/** What is not as the lock has it. A mirror in the middle of an update has the locked kernel, and a newer version of its build tools. */
function departure(kernel: LockedKernel, newest: ResolvedKernel): string {
  const locked = fromLock(kernel);
  const has = (files: readonly PackageFile[], { sha256 }: PackageFile) => files.some((file) => file.sha256 === sha256);
  if (!locked.image.every((file) => has(newest.image, file)))
    return `The locked kernel ${kernel.name} (${kernel.version}) is gone from the mirror: using ${newest.version} instead. Results are not comparable with those of ${kernel.version}.`;
  const list = (files: readonly PackageFile[]) => files.map((file) => `${file.name} ${file.version}`).join(', ');
  const gone = list(locked.headers.filter((file) => !has(newest.headers, file)));
  const instead = list(newest.headers.filter((file) => !has(locked.headers, file)));
  return `The locked kernel ${kernel.name} (${kernel.version}) is booted, but the mirror no longer has all that modules for it were built with: using ${instead} instead of ${gone}.`;
}

/** The kernel as the lock has it. */
export function fromLock({ packages, release, version, compiler }: LockedKernel): ResolvedKernel {
  const plain = ({ name, version: of, sha256 }: PackageFile): PackageFile => ({ name, version: of, sha256 });
  const having = (role: string) => packages.filter((file) => file.role === role).map(plain);
  return { release, version, image: having('image'), headers: having('headers'), compiler, notes: [] };
}

/** The newest kernel of a series. KeystormError (exit 3) when the suite has none of it any more. */
export async function newestOfSeries(
  kernel: Pick<LockedKernel, 'name' | 'meta' | 'suite'>,
  apt: Pick<KernelSource['apt'], 'newest' | 'files'>,
): Promise<ResolvedKernel> {
  const gone = (what: string) =>
    new KeystormError(
      `No kernel of the series ${kernel.name} can be had: ${what} (looked in Debian ${kernel.suite} on this host's mirror).`,
      3,
    );
  const meta = await apt.newest(kernel.meta);
  const imageName = meta?.depends.find((name) => name.startsWith(`linux-image-${kernel.name}.`));
  if (imageName === undefined) throw gone(`${kernel.meta} depends on no linux-image-${kernel.name}.*`);
  const release = imageName.slice('linux-image-'.length);
  const headers = await apt.newest(`linux-headers-${release}`);
  if (headers === undefined) throw gone(`the headers of ${imageName} are missing`);
  const compiler = compilerAmong(headers.depends);
  if (compiler === undefined) throw gone(`the headers of ${imageName} name no compiler that keystorm knows`);
  const imageNames = await partsOf(
    imageName,
    new RegExp(`^linux-(image|binary|modules|base)-${literally(release)}$`),
    apt,
  );
  const headerNames = await partsOf(`linux-headers-${release}`, headerPackages, apt);
  const image = await apt.files(imageNames);
  const headerFiles = await apt.files(headerNames);
  const version = image?.[0]?.version;
  if (image === undefined || headerFiles === undefined || version === undefined)
    throw gone(`no checksums for ${[...imageNames, ...headerNames].map((each) => each.name).join(', ')}`);
  return { release, version, image, headers: headerFiles, compiler, notes: [] };
}

/**
 * What modules for a kernel that somebody runs are built against: the headers of exactly this release and version. Undefined when the
 * suite has them no more, or never had.
 */
export async function headersOf(
  release: string,
  version: string,
  apt: Pick<KernelSource['apt'], 'newest' | 'files'>,
): Promise<ResolvedKernel | undefined> {
  const newest = await apt.newest(`linux-headers-${release}`);
  const compiler = compilerAmong(newest?.depends ?? []);
  if (newest?.version !== version || compiler === undefined) return undefined;
  const headers = await apt.files(await partsOf(`linux-headers-${release}`, headerPackages, apt));
  return headers === undefined ? undefined : { release, version, image: [], headers, compiler, notes: [] };
}

/** A package and those that it cannot do without, as far as their names match: newest versions, that package first. */
async function partsOf(
  first: string,
  pattern: RegExp,
  apt: Pick<PrivateApt, 'newest'>,
): Promise<{ name: string; version: string }[]> {
  const parts: { name: string; version: string }[] = [];
  const names = [first];
  for (const name of names) {
    const newest = await apt.newest(name);
    parts.push({ name, version: newest?.version ?? '' });
    names.push(...(newest?.depends ?? []).filter((each) => pattern.test(each) && !names.includes(each)));
  }
  return parts;
}

/** Debian's headers name it in one of three ways: linux-compiler-gcc-12-x86, gcc-14, gcc-16-for-host. */
export function compilerAmong(depends: readonly string[]): string | undefined {
  const [found] = depends.flatMap((name) => {
    const [, compiler, suffix] = /^(?:linux-compiler-)?(gcc-[0-9]+)(-x86|-for-host)?$/.exec(name) ?? [];
    return compiler === undefined ? [] : [suffix === '-for-host' ? `${compiler}${suffix}` : compiler];
  });
  return found;
}

function literally(text: string): string {
  return text.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&');
}

/** What decides about the product below. */
export function kernelRecipe({ image, release }: Pick<ResolvedKernel, 'image' | 'release'>): {
  kind: string;
  inputs: Json;
} {
  const packages = image.map(({ name, version, sha256 }) => ({ name, version, sha256 }));
  return { kind: 'kernel', inputs: { packages, release, boot: [...bootModules], extra: [...extraModules], format: 4 } };
}

/**
 * The product 'kernel': `vmlinux` (PVH) or, without PVH, `bzImage`; `config`; `modules/` with the needed ones, `modules.dep`
 * and `boot-modules`. `toolchain` unpacks what is compressed in ways that Node.js does not know.
 */
export function kernelProduct(
  cache: Cache,
  kernel: ResolvedKernel,
  debs: DebStore,
  toolchain: () => Promise<Toolchain>,
  progress: (line: string) => void,
): Promise<Product> {
  const { release } = kernel;
  return cache.product({
    ...kernelRecipe(kernel),
    progress,
    build: async (dir) => {
      progress(`Unpacking the kernel ${release} (${kernel.version}).`);
      await cache.scratch('kernel', async (tree) => {
        await debs.unpack(kernel.image, tree);
        const modules = moduleFolderOf(tree, release);
        const config = oneOf(release, [path.join(tree, 'boot', `config-${release}`), path.join(modules, 'config')]);
        await copyFile(config, path.join(dir, 'config'));
        const bzImage = oneOf(release, [path.join(tree, 'boot', `vmlinuz-${release}`), path.join(modules, 'vmlinuz')]);
        // QEMU starts an ELF with a PVH note at once; anything else decompresses itself in the (slow) guest first.
        if (/^CONFIG_PVH=y$/m.test(readFileSync(config, 'utf8')))
          await writeFile(path.join(dir, 'vmlinux'), await extractVmlinux(bzImage, toolchain));
        else await copyFile(bzImage, path.join(dir, 'bzImage'));
        await unpackModules(modules, toolchain);
        await mkdir(path.join(dir, 'modules'));
        await collectModules(tree, release, bootModules, extraModules, dir);
      });
    },
  });
}

/** Newer kernels' packages hold them compressed; the guest has nothing that unpacks them. */
async function unpackModules(folder: string, toolchain: () => Promise<Toolchain>): Promise<void> {
  if (!walk(folder).some((name) => name.endsWith('.ko.xz'))) return;
  const bind = { from: folder, to: '/build/modules', writable: true };
  const everyOne = ['-name', '*.ko.xz', '-exec', 'xz', '--decompress', '{}', '+'];
  const tools = await toolchain();
  await tools.run(['find', tools.sees(bind), ...everyOne], { binds: [bind] });
}

function moduleFolderOf(tree: string, release: string): string {
  return oneOf(
    release,
    ['lib/modules', 'usr/lib/modules'].map((dir) => path.join(tree, dir, release)),
  );
}

function oneOf(release: string, candidates: readonly string[]): string {
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined)
    throw new KeystormError(`The packages of the kernel ${release} hold no ${path.basename(candidates[0] ?? '')}.`, 3);
  return found;
}

/** The product 'headers': the unpacked headers; the folder to build against is `usr/src/linux-headers-RELEASE` in it. */
export function headersProduct(
  cache: Cache,
  kernel: ResolvedKernel,
  debs: DebStore,
  progress: (line: string) => void,
): Promise<Product> {
  return cache.product({
    kind: 'headers',
    inputs: { packages: kernel.headers.map((file) => ({ ...file })), format: 3 },
    progress,
    build: async (dir) => {
      progress(`Unpacking the headers of ${kernel.release}.`);
      await debs.unpack(kernel.headers, dir);
      await rm(path.join(dir, 'usr', 'share'), { recursive: true, force: true });
      await makeRelocatable(path.join(dir, 'usr', 'src', `linux-headers-${kernel.release}`, 'Makefile'));
    },
  });
}

/**
 * Debian's Makefile names folders by where they are installed; ours lie elsewhere, and make runs in the Makefile's own.
 * @throws KeystormError (3) for one that does it in another way.
 */
export async function makeRelocatable(makefile: string): Promise<void> {
  const text = readFileSync(makefile, 'utf8');
  const own = path.basename(path.dirname(makefile));
  const relative = text.replaceAll(`/usr/src/${own}`, '$(CURDIR)').replaceAll('/usr/src/', '../');
  if (!/^include \.\.\//m.test(relative))
    throw new KeystormError(`${makefile} does not include the common headers the way Debian's did so far.`, 3);
  await writeFile(makefile, relative);
}
