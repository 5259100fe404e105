// SPDX-License-Identifier: MIT
// `npm test [-- NAME]`: the check, tests that run programs of the host for seconds, then tests on real guests, one guest at
// a time: they share the processors. Like `npm run bench` it first installs what the host lacks, since some tests compile C.
import { KeystormError } from '../../vm/failure.ts';
import { ensureHostPackages } from '../../vm/host/install.ts';
import { checkSteps, conclude, runSteps, testSteps, unitWidth } from './run-all.ts';

try {
  await ensureHostPackages(false, console.log);
} catch (error) {
  if (!(error instanceof KeystormError)) throw error;
  console.error(`keystorm: ${error.message}`);
  process.exit(error.exitCode);
}
const filter = process.argv[2];
const first = filter === undefined ? [...(await checkSteps()), ...(await testSteps('host'))] : await checkSteps(filter);
const quick = await runSteps(first, unitWidth);
conclude([...quick, ...(await runSteps(await testSteps('guest', filter), 1))]);
