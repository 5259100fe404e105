// SPDX-License-Identifier: MIT
// `npm test [-- NAME]`: the check, then tests on real guests, one guest at a time: they share the processors.
import { checkSteps, conclude, guestSteps, runSteps, unitWidth } from './run-all.ts';

const filter = process.argv[2];
const quick = await runSteps(await checkSteps(filter), unitWidth);
conclude([...quick, ...(await runSteps(await guestSteps(filter), 1))]);
