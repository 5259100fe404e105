// SPDX-License-Identifier: MIT
// `npm test [-- NAME…]`: the check, tests that run programs of the host for seconds, and tests on real guests, as many side by side
// as there are processors; then, one at a time, the tests that need the host to themselves (guest-tests.ts). Like `npm run bench` it
// first installs what the host lacks, since some tests compile C.
// `npm run test:full [-- NAME…]`: the same and the long ones, then those on guests again with every other kernel.
import { KeystormError } from '../../vm/failure.ts';
import { ensureHostPackages } from '../../vm/host/install.ts';
import { guestSteps, leftToFull } from './guest-tests.ts';
import { otherKernelSteps, testedElsewhere } from './other-kernels.ts';
import { checkSteps, conclude, namedSteps, runSteps, testSteps, unitWidth } from './run-all.ts';

try {
  await ensureHostPackages(false, console.log);
} catch (error) {
  if (!(error instanceof KeystormError)) throw error;
  console.error(`keystorm: ${error.message}`);
  process.exit(error.exitCode);
}
const names = process.argv.slice(2).filter((word) => word !== '--full');
const full = process.argv.includes('--full');
const first =
  names.length === 0 ? [...(await checkSteps('alone')), ...(await testSteps('host'))] : await namedSteps(names);
const guests = await guestSteps(names, full);
const results = [...(await runSteps([...first, ...guests.beside], unitWidth)), ...(await runSteps(guests.alone, 1))];
if (full) {
  const others = await otherKernelSteps(names);
  results.push(...(await runSteps(others.beside, unitWidth)), ...(await runSteps(others.alone, 1)));
}
for (const line of full ? testedElsewhere() : leftToFull(names, full)) console.log(line);
conclude(results);
