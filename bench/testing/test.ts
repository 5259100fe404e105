// SPDX-License-Identifier: MIT
// `npm test [-- NAME…]`: the check, tests that run programs of the host for seconds, then tests on real guests, one guest at
// a time: they share the processors. Like `npm run bench` it first installs what the host lacks, since some tests compile C.
// `npm run test:full [-- NAME…]`: the same, then those on guests again with every other kernel.
import { KeystormError } from '../../vm/failure.ts';
import { ensureHostPackages } from '../../vm/host/install.ts';
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
const quick = await runSteps(first, unitWidth);
const guests = [...(await testSteps('guest', names)), ...(full ? await otherKernelSteps(names) : [])];
const results = [...quick, ...(await runSteps(guests, 1))];
if (full) for (const line of testedElsewhere()) console.log(line);
conclude(results);
