// SPDX-License-Identifier: MIT
// `npm test [-- NAME]`: the check, then tests on real guests, one guest at a time: they share the processors. Like
// `npm run bench` it first installs what the host lacks, since even some unit tests compile C.
import { KeystormError } from '../../vm/failure.ts';
import { ensureHostPackages } from '../../vm/host/install.ts';
import { checkSteps, conclude, guestSteps, runSteps, unitWidth } from './run-all.ts';

try {
  await ensureHostPackages(false, console.log);
} catch (error) {
  if (!(error instanceof KeystormError)) throw error;
  console.error(`keystorm: ${error.message}`);
  process.exit(error.exitCode);
}
const filter = process.argv[2];
const quick = await runSteps(await checkSteps(filter), unitWidth);
conclude([...quick, ...(await runSteps(await guestSteps(filter), 1))]);
