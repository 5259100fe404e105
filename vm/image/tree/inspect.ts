// SPDX-License-Identifier: MIT
/** Looks at an engineer's own build tree: is it one, is it built, can a guest run it? Only reads. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { KeystormError } from '../../failure.ts';
import { bootModules, extraModules } from '../kernel.ts';
import { modulesByName } from '../modules.ts';
import { readConfig, unmetNeeds, unmetWishes } from './needed-options.ts';

/** A tree that can be booted and built against. Paths are relative to `dir`. */
export interface InspectedTree {
  readonly dir: string;
  /** uname -r. */
  readonly release: string;
  readonly config: ReadonlyMap<string, string>;
  /** What is booted. 'elf': by its PVH entry. */
  readonly kernel: { readonly file: string; readonly as: 'elf' | 'bzImage' };
  /** Files of modules that were built, by the names they are loaded by. */
  readonly modules: ReadonlyMap<string, string>;
  /** Of the modules that a guest may load, those that are part of the kernel. */
  readonly builtIn: ReadonlySet<string>;
  /** Words to say loudly. */
  readonly notes: readonly string[];
}

const bzImage = 'arch/x86/boot/bzImage';
/** What the kernel says when it is asked, compiled into it: include/config/kernel.release may be overridden. */
const releaseFile = 'include/generated/utsrelease.h';
/** A PVH kernel with this starts in code that looks for its shadow memory before there is any. */
const shadowed = 'KASAN';
/** Of an ELF file's header: what it is for (2 bytes at 18), and x86-64. */
const machineAt = 18;
const x8664 = 62;

/** @throws KeystormError (2): one sentence that says what is wrong with the tree, and what to do about it. */
export function inspectTree(dir: string): InspectedTree {
  const has = (name: string) => existsSync(path.join(dir, name));
  const isFile = (name: string) => isFileAt(path.join(dir, name));
  const refuse = (what: string): never => {
    throw new KeystormError(`--kernel-tree ${dir} ${what}`);
  };
  if (!has('.')) refuse('does not exist: name the folder in which a kernel was built.');
  if (!statSync(dir).isDirectory()) refuse('is not a folder: name the one in which a kernel was built.');
  if (!has('Makefile') || !(has('Kconfig') || has('include/config') || has('.config')))
    refuse(
      'is not a kernel tree: name the folder in which a kernel was built (what make was given as O=, or the source itself).',
    );
  if (!/^[\w/.+@~-]+$/.test(dir))
    refuse(
      'has characters in its path that make cannot cope with: name it by a path of letters and digits, a symbolic link for example.',
    );
  if (!isFile('.config'))
    refuse('is not configured: build a kernel there, or name the folder that was given to make as O=.');
  const text = (name: string) => {
    try {
      return readFileSync(path.join(dir, name), 'utf8');
    } catch (error) {
      return refuse(`has a ${name} that cannot be read (${(error as Error).message}): let the harness read all of it.`);
    }
  };
  const config = readConfig(text('.config'));
  if (config.get('X86_64') !== 'y')
    refuse('is configured for another architecture than x86-64: guests run on x86-64 only.');
  const unmet = unmetNeeds(config);
  if (unmet.length > 0)
    refuse(`lacks what guests need; set ${unmet.join(', ')} in its .config and build it again (see docs/kernels.md).`);
  const kernel = kernelIn(dir, config);
  const missing = [
    releaseFile,
    kernel.file,
    'Module.symvers',
    'scripts/mod/modpost',
    'include/generated/autoconf.h',
  ].filter((name) => !isFile(name));
  if (missing.length > 0) refuse(`is not built: ${missing.join(', ')} missing; run make there.`);
  if (kernel.as === 'elf' && machineOf(path.join(dir, kernel.file)) !== x8664)
    refuse(`holds a ${kernel.file} that is no kernel for x86-64: build it again.`);
  const modules = builtModules(dir, isFile('modules.order') ? text('modules.order') : '');
  const state = (name: string) => config.get(name.toUpperCase());
  const unbuilt = [...bootModules, ...extraModules].filter((name) => state(name) === 'm' && !modules.has(name));
  if (unbuilt.length > 0)
    refuse(
      `has ${unbuilt.join(', ')} configured as modules that are not built: run make modules there, or build them in.`,
    );
  return {
    dir,
    release: releaseIn(text(releaseFile)) ?? refuse(`has no release in ${releaseFile}: build it again.`),
    config,
    kernel,
    modules,
    builtIn: new Set([...bootModules, ...extraModules].filter((name) => state(name) === 'y')),
    notes: notesOn(dir, config, kernel.file),
  };
}

/** A folder by the name of a file is none. */
function isFileAt(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function releaseIn(header: string): string | undefined {
  return /^#define UTS_RELEASE "([^"]+)"/m.exec(header)?.[1];
}

/** QEMU starts an ELF with a PVH note at once; anything else decompresses itself in the (slow) guest first. */
function kernelIn(dir: string, config: ReadonlyMap<string, string>): InspectedTree['kernel'] {
  const direct = config.get('PVH') === 'y' && config.get(shadowed) !== 'y';
  return direct && isFileAt(path.join(dir, 'vmlinux'))
    ? { file: 'vmlinux', as: 'elf' }
    : { file: bzImage, as: 'bzImage' };
}

function machineOf(file: string): number | undefined {
  const header = Buffer.alloc(machineAt + 2);
  const open = openSync(file, 'r');
  try {
    readSync(open, header, 0, header.length, 0);
  } finally {
    closeSync(open);
  }
  return header.toString('latin1', 0, 4) === '\x7fELF' ? header.readUInt16LE(machineAt) : undefined;
}

/** By kbuild's own list: kernels before 6.2 list modules, later ones the objects they are made of. */
function builtModules(dir: string, order: string): Map<string, string> {
  const files = order
    .split('\n')
    .filter((name) => name !== '')
    .map((name) => name.replace(/^kernel\//, '').replace(/\.k?o$/, '.ko'));
  return modulesByName(files.filter((name) => isFileAt(path.join(dir, name))));
}

function notesOn(dir: string, config: ReadonlyMap<string, string>, kernel: string): string[] {
  const wishes = unmetWishes(config);
  const notes: string[] = [];
  if (statSync(path.join(dir, '.config')).mtimeMs > statSync(path.join(dir, kernel)).mtimeMs)
    notes.push(`The .config of ${dir} is newer than its ${kernel}: the kernel may have been built with another one.`);
  if (wishes.length > 0)
    notes.push(`The kernel of ${dir} has no ${wishes.join(', ')}: scenarios that need it will say so.`);
  return notes;
}
