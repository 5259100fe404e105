// SPDX-License-Identifier: MIT
/** The kernels that look for faults of a module, as data: one configuration, and what each leaves out of it. */
import { readFileSync } from 'node:fs';

export interface Flavour {
  /** What a user types after --kernel, and the end of uname -r. */
  readonly name: string;
  readonly description: string;
  /** The command that tests on it. */
  readonly testedBy: string;
  /** Options of kernel.config, without CONFIG_, that it does not have; each stands for those that begin with it and `_` as well. */
  readonly without: readonly string[];
}

export const flavours: readonly Flavour[] = [
  {
    name: 'debug',
    description: 'built from source with KASAN, PROVE_LOCKING, KMEMLEAK and FAILSLAB; slow, for npm run sanitize',
    testedBy: 'npm run sanitize',
    without: [],
  },
  {
    name: 'leaks',
    description: 'as debug, without what looks at each access and each lock: for what needs many rounds',
    testedBy: 'npm run sanitize -- --kernel leaks --part rounds',
    without: ['KASAN', 'PROVE_LOCKING', 'LOCKDEP', 'DEBUG_ATOMIC_SLEEP', 'PROVE_RCU_LIST', 'DEBUG_OBJECTS'],
  },
];

const everything = readFileSync(new URL('./kernel.config', import.meta.url), 'utf8');

/** @throws Error for a name that `flavours` does not have. */
export function flavourNamed(name: string): Flavour {
  const found = flavours.find((flavour) => flavour.name === name);
  if (found === undefined) throw new Error(`There is no debug kernel '${name}'.`);
  return found;
}

/** kernel.config without these options. */
export function fragmentOf(without: readonly string[]): string {
  const left = (line: string) => {
    const option = /^CONFIG_(\w+)=/.exec(line)?.[1] ?? '';
    return !without.some((name) => option === name || option.startsWith(`${name}_`));
  };
  return everything.split('\n').filter(left).join('\n');
}
