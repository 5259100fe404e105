// SPDX-License-Identifier: MIT
/** Picks kernel modules and what they depend on out of an unpacked kernel package. */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { KeystormError } from '../failure.ts';
import { walk } from '../product-record.ts';

/** Names of the modules a module needs, from its `.modinfo` section. */
export function dependsOf(module: Buffer): string[] {
  const found = /\0depends=([^\0]*)\0/.exec(module.toString('latin1'));
  return (found?.[1] ?? '')
    .split(',')
    .filter((name) => name !== '')
    .map(plainName);
}

/** The order in which `wanted` and all they need are loaded: dependencies first. */
export function loadOrder(wanted: readonly string[], depends: (name: string) => readonly string[]): string[] {
  const order: string[] = [];
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    for (const needed of depends(name)) visit(needed);
    if (!order.includes(name)) order.push(name);
  };
  for (const name of wanted) visit(name);
  return order;
}

/** Where a kernel's modules are. */
export interface ModuleSource {
  readonly release: string;
  /** Path of the module's file; undefined when there is none. */
  file(name: string): string | undefined;
  /** True when it is part of the kernel itself. */
  isBuiltIn(name: string): boolean;
}

/**
 * Copies modules to `out/modules/`, flat; writes `out/modules.dep` and `out/boot-modules` (what to load at boot, by name)
 * for modprobe. One that is built into the kernel is left out. `copy`: how, where not as they are.
 */
export async function collectModulesFrom(
  source: ModuleSource,
  boot: readonly string[],
  extra: readonly string[],
  out: string,
  copy: (from: string, to: string) => Promise<unknown> = copyFile,
): Promise<void> {
  const depends = (name: string): string[] => {
    const file = source.file(name);
    return file === undefined ? [] : dependsOf(readFileSync(file));
  };
  const isModule = (name: string) => !source.isBuiltIn(name);
  const ordered = (wanted: readonly string[]) => loadOrder(wanted, depends).filter(isModule);
  for (const name of ordered([...boot, ...extra])) {
    const file = source.file(name);
    if (file === undefined) throw new KeystormError(`The kernel ${source.release} has no module ${name}.`, 3);
    await copy(file, path.join(out, 'modules', `${name}.ko`));
  }
  const lines = (names: readonly string[], line: (name: string) => string) =>
    names.map((name) => `${line(name)}\n`).join('');
  await writeFile(
    path.join(out, 'boot-modules'),
    lines(ordered(boot), (name) => `${name}.ko`),
  );
  const needed = (name: string) => loadOrder([name], depends).filter((other) => other !== name && isModule(other));
  const dependency = (name: string) =>
    [
      `${name}.ko:`,
      ...needed(name)
        .reverse()
        .map((other) => `${other}.ko`),
    ].join(' ');
  await writeFile(path.join(out, 'modules.dep'), lines(ordered([...boot, ...extra]), dependency));
}

/** The same, from a kernel's unpacked package or what `make modules_install` put into `tree`. */
export async function collectModules(
  tree: string,
  release: string,
  boot: readonly string[],
  extra: readonly string[],
  out: string,
): Promise<void> {
  const root = [path.join(tree, 'lib/modules', release), path.join(tree, 'usr/lib/modules', release)].find(existsSync);
  if (root === undefined) throw new KeystormError(`The kernel package holds no modules for ${release}.`, 3);
  const files = modulesByName(walk(root).filter((file) => file.endsWith('.ko')));
  const builtin = modulesByName(
    readFileSync(path.join(root, 'modules.builtin'), 'utf8')
      .split('\n')
      .map((line) => line.trim()),
  );
  const file = (name: string) => {
    const found = files.get(name);
    return found === undefined ? undefined : path.join(root, found);
  };
  await collectModulesFrom({ release, file, isBuiltIn: (name) => builtin.has(name) }, boot, extra, out);
}

/** Modules' files by the names they are loaded by. */
export function modulesByName(files: readonly string[]): Map<string, string> {
  return new Map(files.map((file) => [plainName(path.basename(file, '.ko')), file]));
}

function plainName(name: string): string {
  return name.replace(/-/g, '_');
}
