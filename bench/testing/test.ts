// SPDX-License-Identifier: MIT
// `npm test [-- NAME…]`: the check, tests that run programs of the host for seconds, and tests on real guests, as many side by side
// as there are processors; then, one at a time, the tests that need the host to themselves (alone.ts). Like `npm run bench` it
// first installs what the host lacks, since some tests compile C.
// `npm run test:full [-- NAME…]`: the same and the long ones, then those on guests again with every other kernel.
import { KeystormError } from '../../vm/failure.ts';
import { ensureHostPackages } from '../../vm/host/install.ts';
import { type GuestSteps, guestSteps, leftToFull } from './guest-tests.ts';
import { otherKernelSteps, testedElsewhere } from './other-kernels.ts';
import { checkSteps, conclude, namedSteps, runApart, testSteps } from './run-all.ts';
import type { StepResult } from './run-file.ts';

try {
  await ensureHostPackages(false, console.log);
} catch (error) {
  if (!(error instanceof KeystormError)) throw error;
  console.error(`keystorm: ${error.message}`);
  process.exit(error.exitCode);
}
const names = process.argv.slice(2).filter((word) => word !== '--full');
const full = process.argv.includes('--full');
const guestless = await (names.length === 0 ? allGuestless() : namedSteps(names));
const guests = await guestSteps(names, full);
const results = await runGuestSteps({
  first: guests.first,
  beside: [...guestless.beside, ...guests.beside],
  alone: [...guestless.alone, ...guests.alone],
});
if (full) results.push(...(await runGuestSteps(await otherKernelSteps(names))));
for (const line of full ? testedElsewhere() : leftToFull(names, full)) console.log(line);
conclude(results);

async function allGuestless() {
  const [checks, { beside, alone }] = [await checkSteps(full ? 'alone' : 'together'), await testSteps('host')];
  return { beside: [...checks, ...beside], alone };
}

/** What the guests boot is fetched and built while tests run that boot none. */
async function runGuestSteps({ first, beside, alone }: GuestSteps): Promise<StepResult[]> {
  return await runApart({ beside: [...first, ...beside], alone });
}
