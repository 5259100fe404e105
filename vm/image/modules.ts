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

/**
 * Copies modules to `out/modules/`, flat; writes `out/modules.dep` and `out/boot-modules` (what to load at boot, by name)
 * for modprobe. One that is built into the kernel is left out.
 */
export async function collectModules(
  tree: string,
  release: string,
  boot: readonly string[],
  extra: readonly string[],
  out: string,
): Promise<void> {
  const root = [path.join(tree, 'lib/modules', release), path.join(tree, 'usr/lib/modules', release)].find(existsSync);
  if (root === undefined) throw new KeystormError(`The kernel package holds no modules for ${release}.`, 3);
  const files = new Map<string, string>();
  for (const file of walk(root)) if (file.endsWith('.ko')) files.set(plainName(path.basename(file, '.ko')), file);
  const builtin = readFileSync(path.join(root, 'modules.builtin'), 'utf8').split('\n');
  const isBuiltin = new Set(builtin.map((line) => plainName(path.basename(line.trim(), '.ko'))));
  const depends = (name: string): string[] => {
    const file = files.get(name);
    return file === undefined ? [] : dependsOf(readFileSync(path.join(root, file)));
  };
  const ordered = (wanted: readonly string[]) => loadOrder(wanted, depends).filter((name) => !isBuiltin.has(name));
  for (const name of ordered([...boot, ...extra])) {
    const file = files.get(name);
    if (file === undefined) throw new KeystormError(`The kernel ${release} has no module ${name}.`, 3);
    await copyFile(path.join(root, file), path.join(out, 'modules', `${name}.ko`));
  }
  await writeFile(
    path.join(out, 'boot-modules'),
    ordered(boot)
      .map((name) => `${name}.ko\n`)
      .join(''),
  );
  const line = (name: string) =>
    `${name}.ko:${loadOrder([name], depends)
      .filter((needed) => needed !== name && !isBuiltin.has(needed))
      .reverse()
      .map((needed) => ` ${needed}.ko`)
      .join('')}\n`;
  await writeFile(
    path.join(out, 'modules.dep'),
    ordered([...boot, ...extra])
      .map(line)
      .join(''),
  );
}

function plainName(name: string): string {
  return name.replace(/-/g, '_');
}
