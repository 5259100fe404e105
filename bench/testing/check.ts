// SPDX-License-Identifier: MIT
// `npm run check [-- NAME]`: types, lint and unit tests (or the unit tests whose path contains NAME), in seconds.
import { checkSteps, conclude, runSteps, unitWidth } from './run-all.ts';

conclude(await runSteps(await checkSteps(process.argv[2]), unitWidth));
