// SPDX-License-Identifier: MIT
import { glob } from 'zx';

export type Tier = 'unit' | 'guest';

/** Test files of a tier, sorted, whose path contains `filter`. Guest tests boot a real kernel; unit tests never do. */
export async function testFiles(root: string, tier: Tier, filter = ''): Promise<string[]> {
  const all = await glob(['bench/**/*.test.ts', 'vm/**/*.test.ts', 'scenarios/**/*.test.ts', 'results/**/*.test.ts'], {
    cwd: root,
    ignore: ['results/runs/**'],
  });
  return all
    .filter((file) => file.endsWith('.guest.test.ts') === (tier === 'guest'))
    .filter((file) => file.includes(filter))
    .sort();
}
