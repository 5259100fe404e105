// SPDX-License-Identifier: MIT
// `npm test [-- NAME…]`: the check, tests that run programs of the host for seconds, then tests on real guests, one guest at
// a time: they share the processors. Like `npm run bench` it first installs what the host lacks, since some tests compile C.
import { KeystormError } from '../../vm/failure.ts';
import { ensureHostPackages } from '../../vm/host/install.ts';
import { checkSteps, conclude, namedSteps, runSteps, testSteps, unitWidth } from './run-all.ts';

try {
  await ensureHostPackages(false, console.log);
} catch (error) {
  if (!(error instanceof KeystormError)) throw error;
  console.error(`keystorm: ${error.message}`);
  process.exit(error.exitCode);
}
const names = process.argv.slice(2);
const first =
  names.length === 0 ? [...(await checkSteps('alone')), ...(await testSteps('host'))] : await namedSteps(names);
const quick = await runSteps(first, unitWidth);
conclude([...quick, ...(await runSteps(await testSteps('guest', names), 1))]);
