// SPDX-License-Identifier: MIT
// `npm run check [-- NAME…]`: types, lint and unit tests (or the tests without a guest whose path contains a NAME), in seconds.
import { checkSteps, conclude, namedSteps, runSteps, unitWidth } from './run-all.ts';

const names = process.argv.slice(2);
conclude(await runSteps(names.length === 0 ? await checkSteps('together') : await namedSteps(names), unitWidth));
