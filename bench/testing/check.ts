// SPDX-License-Identifier: MIT
// `npm run check [-- NAME…]`: types, lint and unit tests (or the tests without a guest whose path contains a NAME), in seconds.
import { checkSteps, conclude, namedSteps, runApart } from './run-all.ts';

const names = process.argv.slice(2);
const steps = names.length === 0 ? { beside: await checkSteps('together'), alone: [] } : await namedSteps(names);
conclude(await runApart(steps));
