// SPDX-License-Identifier: MIT
/** Kernel configurations as text: what a fragment asks for, and what of it a finished configuration lacks. */

/** `CONFIG_X=y` by name; `n` for "# CONFIG_X is not set". Other lines are comments. */
export function optionsIn(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split('\n')) {
    const set = /^(CONFIG_\w+)=(.*)$/.exec(line);
    const unset = /^# (CONFIG_\w+) is not set$/.exec(line);
    if (set !== null) options.set(set[1] ?? '', set[2] ?? '');
    else if (unset !== null) options.set(unset[1] ?? '', 'n');
  }
  return options;
}

/**
 * Lines of the fragment that the configuration does not have. Kconfig drops what depends on something absent without a
 * word (with the allocator SLOB it drops KASAN and FAILSLAB), and a sanitizer that is silently off looks like a clean module.
 */
export function droppedOptions(fragment: string, configuration: string): string[] {
  const have = optionsIn(configuration);
  return [...optionsIn(fragment)]
    .filter(([name, value]) => (have.get(name) ?? 'n') !== value)
    .map(([name, value]) => `${name}=${value}`);
}
