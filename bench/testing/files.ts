// SPDX-License-Identifier: MIT
import { glob } from 'zx';

/**
 * Test files of a tier are told by their names: `x.guest.test.ts` boots a real kernel, `x.host.test.ts` runs real programs of
 * the host for seconds (npm, shells), and any other `x.test.ts` is a unit test.
 */
export const tiers = ['unit', 'host', 'guest'] as const;
export type Tier = (typeof tiers)[number];

/** Test files of a tier, sorted, whose path contains one of `names`; none given: all. */
export async function testFiles(root: string, tier: Tier, names: readonly string[] = []): Promise<string[]> {
  const all = await glob(['bench/**/*.test.ts', 'vm/**/*.test.ts', 'scenarios/**/*.test.ts', 'results/**/*.test.ts'], {
    cwd: root,
    ignore: ['results/runs/**'],
  });
  return all
    .filter((file) => tierOf(file) === tier)
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
    .sort();
}

function tierOf(file: string): Tier {
  return tiers.find((tier) => file.endsWith(`.${tier}.test.ts`)) ?? 'unit';
}
