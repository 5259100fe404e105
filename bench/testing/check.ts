// SPDX-License-Identifier: MIT
// `npm run check [-- NAME]`: types, lint and unit tests (or the tests without a guest whose path contains NAME), in seconds.
import { checkSteps, conclude, namedSteps, runSteps, unitWidth } from './run-all.ts';

const name = process.argv[2];
conclude(await runSteps(name === undefined ? await checkSteps('together') : await namedSteps(name), unitWidth));
